with history as (

    select * from {{ ref('stg_spotify__followed_artists_history') }}

),

current_rows as (

    select
        -- ids
        artist_id,

        -- times
        read_at,
        _dlt_load_id
    from history
    where is_newest and not is_removed

)

select * from current_rows
