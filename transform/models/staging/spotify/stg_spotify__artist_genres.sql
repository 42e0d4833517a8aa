with source as (

    {{ completed_rows('artist_genres', key=['artist_id', 'genre'], parent=['artist_id']) }}

),

renamed as (

    select
        -- ids
        artist_id,

        -- text
        genre,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
