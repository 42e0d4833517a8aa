with playlist_reads as (

    select * from {{ ref('int_playlist_reads') }}

),

items as (

    select * from {{ ref('stg_spotify__playlist_items') }}
    where item_uri is not null

)

select
    playlist_reads.playlist_id,
    playlist_reads.read_number,
    playlist_reads.read_at,
    items.item_id,
    items.item_uri,
    items.item_type,
    items.position,
    items.added_at,
    items.added_by_id,
    row_number() over (
        partition by playlist_reads.playlist_id, playlist_reads.read_number, items.item_uri, items.added_at
        order by items.position
    ) as copy_number
from playlist_reads
inner join items
    on
        playlist_reads.playlist_id = items.playlist_id
        and playlist_reads.snapshot_id = items.snapshot_id
