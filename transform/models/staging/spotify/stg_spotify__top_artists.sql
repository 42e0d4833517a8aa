with source as (

    select * from {{ source('spotify', 'top_artists') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'top_artists'], as_sent='*') }}

),

renamed as (

    select
        -- ids
        artist_id,

        -- text
        time_range,

        -- numbers
        rank,

        -- times
        read_on,
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
