with ends as (

    select
        {{ first_of_year('min(day)') }} as first_day,
        {{ first_of_year(days_after(first_of_year('max(day)'), '366')) }} as day_after
    from {{ ref('int_days') }}
    having count(*) > 0

),

{{ day_numbers() }},

dates as (

    select {{ days_after('ends.first_day', 'numbers.number') }} as date_day
    from ends
    inner join numbers on numbers.number < date_diff('day', ends.first_day, ends.day_after)

),

counted as (

    select
        date_day,
        {{ first_of_year('date_day') }} as year_start,
        {{ weekday('date_day') }} as weekday
    from dates

),

-- A week belongs to the year of its Thursday (ISO 8601).
described as (

    select
        *,
        {{ days_after('date_day', '4 - weekday') }} as thursday
    from counted

)

select
    date_day,
    cast(extract(year from date_day) as bigint) as year,
    cast(extract(quarter from date_day) as bigint) as quarter,
    cast(extract(month from date_day) as bigint) as month_number,
    {{ first_of_month('date_day') }} as month_start,
    {{ first_of_week('date_day') }} as week_start,
    cast(extract(year from thursday) as bigint) as iso_year,
    cast(extract(week from date_day) as bigint) as iso_week,
    weekday,
    case weekday
        when 1 then 'Monday' when 2 then 'Tuesday' when 3 then 'Wednesday' when 4 then 'Thursday' when 5 then 'Friday'
        when 6 then 'Saturday' else 'Sunday'
    end as weekday_name,
    weekday >= 6 as is_weekend,
    date_diff('day', year_start, date_day) + 1 as day_of_year
from described
