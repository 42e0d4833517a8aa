with source as (

    {{ completed_rows('saved_albums', key=['album_id'], history=true) }}

),

renamed as (

    select
        -- ids
        album_id,

        -- booleans
        is_removed,
        is_newest,

        -- times
        added_at,
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
