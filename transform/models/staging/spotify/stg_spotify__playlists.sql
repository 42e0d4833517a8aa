with source as (

    {{ completed_rows('playlists', key=['playlist_id'], history=true) }}

),

renamed as (

    select
        -- ids
        playlist_id,
        owner_id,
        snapshot_id,
        uri as playlist_uri,

        -- text
        name as playlist_name,
        description,
        owner_display_name,

        -- numbers
        items_total,

        -- booleans
        collaborative as is_collaborative,
        public as is_public,
        is_removed,
        is_newest,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
