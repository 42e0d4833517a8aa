with plays as (

    select
        play_id,
        started_at,
        sound_ended_at,
        {{ recording_key() }} as recording_key,
        {{ artist_key() }} as artist_key,
        {{ ms_heard() }} as ms_heard
    from {{ ref('fct_plays') }}
    where is_counted

),

-- Two devices can play at once, so the sound before a play is that of all plays before it.
followed as (

    select
        *,
        max(sound_ended_at) over (
            order by started_at, play_id rows between unbounded preceding and 1 preceding
        ) as heard_until
    from plays

),

paused as (

    select
        *,
        date_diff('millisecond', heard_until, started_at) as pause_ms
    from followed

),

numbered as (

    select
        *,
        count(case when pause_ms is null or pause_ms > {{ session_gap_ms() }} then 1 end) over (
            order by started_at, play_id rows between unbounded preceding and current row
        ) as session_number
    from paused

),

measured as (

    select
        session_number,
        min(started_at) as started_at,
        max(sound_ended_at) as ended_at,
        count(*) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard,
        count(distinct recording_key) as tracks,
        count(distinct artist_key) as artists
    from numbered
    group by session_number

)

select
    {{ epoch_ms('started_at') }} as session_id,
    {{ local_time('started_at') }} as started_at_local,
    {{ local_time('ended_at') }} as ended_at_local,
    cast({{ local_time('started_at') }} as date) as started_on,
    plays,
    {{ hours('ms_heard') }} as hours,
    tracks,
    artists
from measured
