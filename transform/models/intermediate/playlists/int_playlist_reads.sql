with snapshots as (

    select
        *,
        lag(snapshot_id) over (
            partition by playlist_id order by _dlt_load_id, read_at
        ) as previous_snapshot_id
    from {{ ref('stg_spotify__playlist_snapshots_history') }}
    where outcome = 'read'

),

-- Consecutive rows with the same snapshot are one read: a killed run may leave two. A snapshot that comes back after
-- another one is a new read.
playlist_reads as (

    select * from snapshots
    where previous_snapshot_id is null or previous_snapshot_id <> snapshot_id

)

select
    playlist_id,
    snapshot_id,
    read_at,
    row_number() over (
        partition by playlist_id order by _dlt_load_id, read_at
    ) as read_number,
    lead(read_at) over (
        partition by playlist_id order by _dlt_load_id, read_at
    ) as next_read_at
from playlist_reads
