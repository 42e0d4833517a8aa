with days as (

    select
        played_on,
        plays,
        round(hours * 3600000e0) as ms_heard,
        date_diff('day', date '1900-01-01', played_on) - row_number() over (order by played_on) as island
    from {{ ref('listening_by_day') }}

),

streaks as (

    select
        min(played_on) as started_on,
        max(played_on) as ended_on,
        count(*) as days,
        cast(sum(plays) as bigint) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard
    from days
    group by island

)

select
    cast(started_on as varchar) as streak_id,
    started_on,
    ended_on,
    days,
    plays,
    {{ hours('ms_heard') }} as hours,
    row_number() over (order by days desc, started_on desc) = 1 as is_longest,
    row_number() over (order by started_on desc) = 1 as is_latest
from streaks
