with plays as (

    select
        cast(extract(year from played_on) as bigint) as year,
        {{ weekday('played_on') }} as weekday,
        cast(extract(hour from started_at_local) as bigint) as hour_of_day,
        {{ ms_heard() }} as ms_heard
    from {{ ref('fct_plays') }}
    where is_counted

)

select
    year,
    weekday,
    hour_of_day,
    count(*) as plays,
    {{ hours('cast(sum(ms_heard) as bigint)') }} as hours
from plays
group by year, weekday, hour_of_day
