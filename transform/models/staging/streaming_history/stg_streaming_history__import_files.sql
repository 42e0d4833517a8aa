with source as (

    select * from {{ source('streaming_history', 'import_files') }}

),

records as (

    {{ completed_records('source', of=['streaming_history', 'import_files']) }}

),

renamed as (

    select
        -- ids
        file_id,
        archive_id,

        -- text
        content_type,
        package,
        file_name,
        skip_reasons,

        -- numbers
        rows_read,
        rows_kept,
        rows_unidentified,
        rows_known,
        rows_repeated,
        rows_ambiguous,
        rows_skipped,

        -- times
        first_at,
        last_at,
        read_at,
        _dlt_load_id
    from records

)

select * from renamed
