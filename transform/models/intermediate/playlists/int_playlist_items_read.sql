with reads as (

    select * from {{ ref('int_playlist_reads') }}

),

items as (

    select * from {{ ref('stg_spotify__playlist_items') }}
    where item_uri is not null

)

select
    reads.playlist_id,
    reads.read_number,
    reads.read_at,
    items.item_id,
    items.item_uri,
    items.item_type,
    items.position,
    items.added_at,
    items.added_by_id,
    row_number() over (
        partition by reads.playlist_id, reads.read_number, items.item_uri, items.added_at
        order by items.position
    ) as copy_number
from reads
inner join items
    on
        reads.playlist_id = items.playlist_id
        and reads.snapshot_id = items.snapshot_id
