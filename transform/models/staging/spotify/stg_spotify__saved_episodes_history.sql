with source as (

    select * from {{ source('spotify', 'saved_episodes') }}

),

completed as (

    {{ completed('source', of=['spotify', 'saved_episodes']) }}

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
    from completed

)

select * from renamed
