with source as (

    select * from {{ source('spotify', 'followed_artists') }}

),

completed as (

    {{ completed('source', of=['spotify', 'followed_artists']) }}

),

renamed as (

    select
        -- ids
        artist_id,

        -- booleans
        is_removed,
        is_newest,

        -- times
        read_at,
        _dlt_load_id
    from completed

)

select * from renamed
