with playlist_reads as (

    select * from {{ ref('int_playlist_reads') }}

),

items as (

    select * from {{ ref('stg_spotify__playlist_items') }}
    where item_uri is not null

),

identified as (

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
        coalesce(identities.content_id, items.item_uri) as content_id
    from playlist_reads
    inner join items
        on
            playlist_reads.playlist_id = items.playlist_id
            and playlist_reads.snapshot_id = items.snapshot_id
    left join {{ ref('int_identities') }} as identities
        on items.item_type = identities.item_type and items.item_id = identities.item_id

),

counted as (

    select
        *,
        min(item_uri) over (partition by playlist_id, read_number, content_id, added_at) as least_uri,
        max(item_uri) over (partition by playlist_id, read_number, content_id, added_at) as greatest_uri
    from identified

),

-- An entry is an item under all ids that it has had. Two ids that one read shows with one time are two entries: the
-- listener added both, for instance the single and the album.
entries as (

    select
        *,
        case
            when
                added_at is null
                or bool_or(least_uri <> greatest_uri) over (partition by playlist_id, content_id, added_at)
                then item_uri
            else content_id
        end as entry
    from counted

)

select
    playlist_id,
    read_number,
    read_at,
    item_id,
    item_uri,
    item_type,
    position,
    added_at,
    added_by_id,
    entry,
    row_number() over (
        partition by playlist_id, read_number, entry, added_at order by position
    ) as copy_number
from entries
