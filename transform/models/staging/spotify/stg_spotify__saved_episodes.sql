with source as (

    {{ completed_rows('saved_episodes', key=['episode_id'], history=true) }}

),

renamed as (

    select
        -- ids
        episode_id,

        -- numbers
        resume_position_ms,

        -- booleans
        fully_played as is_fully_played,
        is_removed,
        is_newest,

        -- times
        added_at,
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
