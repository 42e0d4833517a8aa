with source as (

    select * from {{ source('spotify', 'playlist_items') }}

),

completed as (

    {{ completed('source', of=['spotify', 'playlist_items'], as_sent='*') }}

),

renamed as (

    select
        -- ids
        playlist_id,
        snapshot_id,
        item_uri,
        coalesce(item_id, {{ track_key('item_uri') }}) as item_id,
        added_by_id,

        -- text
        item_type,

        -- numbers
        position,

        -- booleans
        is_local,
        is_newest,

        -- times
        added_at,
        read_at,
        _dlt_load_id
    from completed

)

select * from renamed
