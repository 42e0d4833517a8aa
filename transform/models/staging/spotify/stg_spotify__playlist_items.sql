with source as (

    {{ completed_rows(
        'playlist_items', key=['playlist_id', 'snapshot_id', 'position'], history=true
    ) }}

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
    from source

)

select * from renamed
