with source as (

    {{ completed_rows('playlist_snapshots', key=['playlist_id'], history=true) }}

),

renamed as (

    select
        -- ids
        playlist_id,
        snapshot_id,

        -- text
        outcome,

        -- numbers
        http_status,
        items_total,

        -- booleans
        is_newest,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
