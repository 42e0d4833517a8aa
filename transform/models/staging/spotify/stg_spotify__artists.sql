with source as (

    select * from {{ source('spotify', 'artists') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'artists']) }}

),

renamed as (

    select
        -- ids
        artist_id,
        uri as artist_uri,

        -- text
        object_form,
        name as artist_name,
        image_url,

        -- numbers
        genres_total,
        popularity,
        followers_total,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
