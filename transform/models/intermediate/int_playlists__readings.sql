with snapshots as (

    select * from {{ ref('stg_spotify__playlist_snapshots') }}

),

first_readings as (

    select
        playlist_id,
        snapshot_id,
        min(read_at) as read_at,
        min(_dlt_load_id) as _dlt_load_id
    from snapshots
    where outcome = 'read'
    group by playlist_id, snapshot_id

)

select
    playlist_id,
    snapshot_id,
    read_at,
    row_number() over (
        partition by playlist_id order by read_at, _dlt_load_id
    ) as reading_number,
    lead(read_at) over (
        partition by playlist_id order by read_at, _dlt_load_id
    ) as next_read_at
from first_readings
