with history as (

    select * from {{ ref('stg_spotify__playlist_items_history') }}

),

current_rows as (

    select
        -- ids
        playlist_id,
        snapshot_id,
        item_uri,
        item_id,
        added_by_id,

        -- text
        item_type,

        -- numbers
        position,

        -- booleans
        is_local,

        -- times
        added_at,
        read_at,
        _dlt_load_id
    from history
    where is_newest

)

select * from current_rows
