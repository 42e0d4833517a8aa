with playlists as (

    select * from {{ ref('stg_spotify__playlists_history') }}

),

snapshots as (

    select * from {{ ref('stg_spotify__playlist_snapshots') }}

),

playlist_reads as (

    select * from {{ ref('int_playlist_reads') }}

),

items as (

    select
        playlist_id,
        snapshot_id,
        count(*) as items_count,
        count(item_uri) as shown_items_count
    from {{ ref('stg_spotify__playlist_items') }}
    group by playlist_id, snapshot_id

),

seen as (

    select playlist_id from playlists
    union
    select playlist_id from snapshots

),

-- A tombstone holds only the key, so the description comes from the row before it.
described as (

    select
        *,
        row_number() over (partition by playlist_id order by _dlt_load_id desc) as age
    from playlists
    where not is_removed

),

spans as (

    select
        playlist_id,
        min(read_at) as first_seen_at,
        bool_or(is_removed and is_newest) as is_removed
    from playlists
    group by playlist_id

)

select
    seen.playlist_id,
    described.playlist_name,
    described.description,
    described.owner_id,
    described.owner_display_name,
    described.is_collaborative,
    described.is_public,
    coalesce(snapshots.snapshot_id, described.snapshot_id) as snapshot_id,
    described.items_total,
    coalesce(snapshots.outcome, 'not read') as read_outcome,
    snapshots.http_status as refusal_http_status,
    playlist_reads.snapshot_id as last_read_snapshot_id,
    playlist_reads.read_at as last_read_at,
    case when playlist_reads.snapshot_id is not null then coalesce(items.items_count, 0) end as items_count,
    coalesce(items.items_count - items.shown_items_count, 0) as hidden_items_count,
    spans.first_seen_at,
    coalesce(spans.is_removed, false) as is_removed,
    described.playlist_uri
from seen
left join described on seen.playlist_id = described.playlist_id and described.age = 1
left join spans on seen.playlist_id = spans.playlist_id
left join snapshots on seen.playlist_id = snapshots.playlist_id
left join playlist_reads on seen.playlist_id = playlist_reads.playlist_id and playlist_reads.next_read_at is null
left join items
    on playlist_reads.playlist_id = items.playlist_id and playlist_reads.snapshot_id = items.snapshot_id
