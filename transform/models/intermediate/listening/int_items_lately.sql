with ranges as (

    select * from {{ ref('int_time_ranges') }} where time_range like 'last_%'

),

plays as (

    select
        plays.played_on,
        {{ keys_of_items() }},
        {{ ms_heard() }} as ms_heard,
        {{ ms_estimated() }} as ms_estimated
    from {{ ref('fct_plays') }} as plays
    left join {{ ref('dim_episodes') }} as episodes on plays.episode_uri = episodes.episode_uri
    where plays.is_counted and plays.played_on >= (select min(ranges.range_from) from ranges)

),

days as (
    {% for item_type in item_types() %}
    select
        '{{ item_type }}' as item_type,
        {{ item_type }}_key as item_key,
        played_on,
        count(*) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard,
        cast(sum(ms_estimated) as bigint) as ms_estimated
    from plays
    where {{ item_type }}_key is not null
    group by {{ item_type }}_key, played_on
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    days.item_type,
    days.item_key,
    ranges.time_range,
    cast(sum(days.plays) as bigint) as plays,
    cast(sum(days.ms_heard) as bigint) as ms_heard,
    cast(sum(days.ms_estimated) as bigint) as ms_estimated
from days
inner join ranges on days.played_on >= ranges.range_from
group by days.item_type, days.item_key, ranges.time_range
