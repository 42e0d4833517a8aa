with days as (

    select
        min(played_on) as first_on,
        max(played_on) as last_on
    from {{ ref('listening_by_day') }}
    having count(*) > 0

),

years as (

    select
        cast(extract(year from played_on) as bigint) as year,
        {{ first_of_year('played_on') }} as year_start
    from {{ ref('listening_by_day') }}
    group by cast(extract(year from played_on) as bigint), {{ first_of_year('played_on') }}

)

select
    'all_time' as time_range,
    first_on as range_from,
    last_on as range_until
from days
union all
select
    'last_4_weeks' as time_range,
    {{ days_after('last_on', '-27') }} as range_from,
    last_on as range_until
from days
{%- for months in [6, 12] %}
union all
select
    'last_{{ months }}_months' as time_range,
    {{ days_after("last_on - interval '" ~ months ~ "' month", '1') }} as range_from,
    last_on as range_until
from days
{%- endfor %}
union all
select
    cast(years.year as varchar) as time_range,
    years.year_start as range_from,
    {{ earlier_of(days_after(first_of_year(days_after('years.year_start', '366')), '-1'), 'days.last_on') }}
        as range_until
from years
cross join days
