with source as (

    {{ completed_rows('album_artists', key=['album_id', 'position'], parent=['album_id']) }}

),

renamed as (

    select
        -- ids
        album_id,
        artist_id,

        -- text
        artist_name,

        -- numbers
        position,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
