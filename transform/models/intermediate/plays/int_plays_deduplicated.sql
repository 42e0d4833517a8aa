with plays as (

    select * from {{ ref('stg_spotify__recently_played') }}

),

tracks as (

    select * from {{ ref('stg_spotify__tracks') }}

),

timed as (

    select
        plays.*,
        nullif(tracks.duration_ms, 0) as duration_ms,
        date_diff(
            'millisecond',
            lag(plays.played_at) over (partition by plays.track_id order by plays.played_at),
            plays.played_at
        ) as since_previous_ms
    from plays
    left join tracks on plays.track_id = tracks.track_id

)

-- Spotify sends some plays twice, seconds apart. A track cannot end again in less time than its length.
select
    track_id,
    played_at,
    duration_ms,
    context_type,
    context_uri
from timed
where
    since_previous_ms is null
    or since_previous_ms >= 30000
    or since_previous_ms >= duration_ms
