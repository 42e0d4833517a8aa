with source as (

    {{ completed_rows('artists', key=['artist_id', 'object_form']) }}

),

renamed as (

    select
        -- ids
        artist_id,
        uri as artist_uri,

        -- text
        object_form,
        name as artist_name,

        -- numbers
        genres_total,
        popularity,
        followers_total,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
