with days as (

    select
        cast(extract(year from played_on) as bigint) as year,
        played_on,
        hours,
        row_number() over (
            partition by extract(year from played_on) order by hours desc, played_on asc
        ) as place
    from {{ ref('listening_by_day') }}

),

hours_of_week as (

    select
        year,
        weekday,
        hour_of_day,
        cast(round(hours * 3600000e0) as bigint) as ms_heard
    from {{ ref('listening_by_hour_of_week') }}

),
{% for part in ['weekday', 'hour_of_day'] %}
{{ part }}s as (

    select
        year,
        {{ part }},
        row_number() over (partition by year order by cast(sum(ms_heard) as bigint) desc, {{ part }} asc) as place
    from hours_of_week
    group by year, {{ part }}

),
{% endfor %}
years as (

    select
        year,
        cast(cast(year as varchar) || '-01-01' as date) as year_start,
        cast(cast(year as varchar) || '-12-31' as date) as year_end,
        count(*) as days_listened,
        max(case when place = 1 then played_on end) as busiest_day,
        max(case when place = 1 then hours end) as busiest_day_hours
    from days
    group by year

),

-- A streak counts in each of its years with the days that it has there.
streaks as (

    select
        years.year,
        max(date_diff(
            'day',
            {{ later_of('streaks.started_on', 'years.year_start') }},
            {{ earlier_of('streaks.ended_on', 'years.year_end') }}
        ) + 1) as longest_streak_days
    from years
    inner join {{ ref('streaks') }} as streaks
        on years.year_start <= streaks.ended_on and years.year_end >= streaks.started_on
    group by years.year

),

sessions as (

    select
        cast(extract(year from started_on) as bigint) as year,
        max(hours) as longest_session_hours
    from {{ ref('sessions') }}
    group by cast(extract(year from started_on) as bigint)

),

skips as (

    select
        year,
        cast(cast(sum(skips) as bigint) as double) / cast(sum(plays_known_end) as bigint) as skip_share
    from {{ ref('skips') }}
    where item_type = 'track'
    group by year

)

select
    years.year,
    years.days_listened,
    years.busiest_day,
    years.busiest_day_hours,
    weekdays.weekday as busiest_weekday,
    hour_of_days.hour_of_day as busiest_hour,
    streaks.longest_streak_days,
    sessions.longest_session_hours,
    skips.skip_share
from years
left join weekdays on years.year = weekdays.year and weekdays.place = 1
left join hour_of_days on years.year = hour_of_days.year and hour_of_days.place = 1
left join streaks on years.year = streaks.year
left join sessions on years.year = sessions.year
left join skips on years.year = skips.year
