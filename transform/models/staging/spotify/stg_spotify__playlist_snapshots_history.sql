with source as (

    select * from {{ source('spotify', 'playlist_snapshots') }}

),

completed as (

    {{ completed('source', of=['spotify', 'playlist_snapshots'], as_sent='*') }}

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
    from completed

)

select * from renamed
