with source as (

    select * from {{ source('spotify', 'show_episodes') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'show_episodes']) }}

),

renamed as (

    select
        -- ids
        show_id,
        episode_id,

        -- numbers
        resume_position_ms,

        -- booleans
        fully_played as is_fully_played,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
