with source as (

    select * from {{ source('streaming_history', 'covered_spans') }}

),

records as (

    {{ completed_records('source', of=['streaming_history', 'covered_spans']) }}

),

renamed as (

    select
        -- ids
        archive_id,

        -- text
        package,

        -- times
        covered_from,
        covered_until,
        read_at,
        _dlt_load_id
    from records

)

select * from renamed
