with source as (

    select * from {{ source('spotify', 'episodes') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'episodes']) }}

),

renamed as (

    select
        -- ids
        episode_id,
        show_id,
        uri as episode_uri,

        -- text
        object_form,
        name as episode_name,
        description,
        release_date,
        release_date_precision,
        languages,
        image_url,

        -- numbers
        duration_ms,

        -- booleans
        explicit as is_explicit,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
