with source as (

    select * from {{ source('spotify', 'saved_audiobooks') }}

),

completed as (

    {{ completed('source', of=['spotify', 'saved_audiobooks']) }}

),

renamed as (

    select
        -- ids
        audiobook_id,

        -- booleans
        is_removed,
        is_newest,

        -- times
        added_at,
        read_at,
        _dlt_load_id
    from completed

)

select * from renamed
