with source as (

    {{ completed_rows('episodes', key=['episode_id']) }}

),

renamed as (

    select
        -- ids
        episode_id,
        show_id,
        uri as episode_uri,

        -- text
        name as episode_name,
        description,
        release_date,
        release_date_precision,
        languages,

        -- numbers
        duration_ms,

        -- booleans
        explicit as is_explicit,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
