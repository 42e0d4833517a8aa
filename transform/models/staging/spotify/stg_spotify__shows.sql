with source as (

    select * from {{ source('spotify', 'shows') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'shows']) }}

),

renamed as (

    select
        -- ids
        show_id,
        uri as show_uri,

        -- text
        name as show_name,
        publisher,
        description,
        media_type,
        languages,
        image_url,

        -- numbers
        total_episodes,

        -- booleans
        explicit as is_explicit,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
