with history as (

    select * from {{ ref('stg_spotify__playlist_snapshots_history') }}

),

current_rows as (

    select
        -- ids
        playlist_id,
        snapshot_id,

        -- text
        outcome,

        -- numbers
        http_status,
        items_total,

        -- times
        read_at,
        _dlt_load_id
    from history
    where is_newest

)

select * from current_rows
