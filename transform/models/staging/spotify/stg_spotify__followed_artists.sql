with source as (

    {{ completed_rows('followed_artists', key=['artist_id'], history=true) }}

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
    from source

)

select * from renamed
