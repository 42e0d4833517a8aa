with source as (

    select * from {{ source('spotify', 'audiobooks') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'audiobooks']) }}

),

renamed as (

    select
        -- ids
        audiobook_id,
        uri as audiobook_uri,

        -- text
        name as audiobook_name,
        authors,
        narrators,
        publisher,
        edition,
        languages,
        media_type,
        image_url,

        -- numbers
        total_chapters,

        -- booleans
        explicit as is_explicit,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
