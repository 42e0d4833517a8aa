with source as (

    select * from {{ source('spotify', 'artist_genres') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'artist_genres']) }}

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
    from newest

)

select * from renamed
