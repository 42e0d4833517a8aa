with history as (

    select * from {{ ref('stg_spotify__playlists_history') }}

),

current_rows as (

    select
        -- ids
        playlist_id,
        owner_id,
        snapshot_id,
        playlist_uri,

        -- text
        playlist_name,
        description,
        owner_display_name,

        -- numbers
        items_total,

        -- booleans
        is_collaborative,
        is_public,

        -- times
        read_at,
        _dlt_load_id
    from history
    where is_newest and not is_removed

)

select * from current_rows
