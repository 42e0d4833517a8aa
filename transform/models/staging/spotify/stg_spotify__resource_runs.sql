with source as (

    {{ completed_rows('resource_runs', key=['resource', 'read_at'], history=true) }}

),

renamed as (

    select
        -- ids
        resource,

        -- text
        outcome,
        reason,
        resume_from,

        -- numbers
        calls,
        rows_read,
        rows_new,
        rows_removed,
        rows_null,
        rows_unkeyed,
        total,

        -- booleans
        is_whole,
        is_proved,
        is_newest,

        -- times
        not_before,
        oldest_at,
        newest_at,
        gap_from,
        gap_until,
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
