with source as (

    select * from {{ source('spotify', 'playlists') }}

),

completed as (

    {{ completed('source', of=['spotify', 'playlists'], as_sent=['description', 'items_total', 'snapshot_id']) }}

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
    from completed

)

select * from renamed
