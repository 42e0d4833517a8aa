with history as (

    select * from {{ ref('stg_spotify__saved_shows_history') }}

),

current_rows as (

    select
        -- ids
        show_id,

        -- times
        added_at,
        read_at,
        _dlt_load_id
    from history
    where is_newest and not is_removed

)

select * from current_rows
