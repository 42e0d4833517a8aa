with source as (

    select * from {{ source('spotify', 'resource_runs') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'resource_runs'], as_sent='*') }}

),

renamed as (

    select
        -- ids
        resource,

        -- text
        outcome,
        reason,
        resume_from,
        oddities,

        -- numbers
        calls,
        rows_read,
        rows_new,
        rows_removed,
        rows_null,
        rows_unkeyed,
        rows_left_out,
        values_nulled,
        total,

        -- booleans
        is_whole,
        is_proved,

        -- times
        not_before,
        oldest_at,
        newest_at,
        gap_from,
        gap_until,
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
