{%- set names = [
    'listening_by_day', 'listening_by_month', 'listening_by_hour_of_week', 'sessions', 'streaks', 'recaps'
] -%}
{{ config(fail_calc='coalesce(sum(broken), 0)') }}
-- Each table about listening counts the same plays and hours as fct_plays. Hours are sums of fractions, so they may
-- differ by a millionth.
with counted as (

    select
        count(*) as plays,
        coalesce(cast(sum({{ ms_heard() }}) as bigint), 0) / 3600000e0 as hours,
        count({{ artist_key() }}) as plays_of_artists,
        coalesce(cast(sum(case when {{ artist_key() }} is not null then {{ ms_heard() }} end) as bigint), 0) / 3600000e0
            as hours_of_artists
    from {{ ref('fct_plays') }}
    where is_counted

),

sums as (
    {% for name in names %}
    select
        '{{ name }}' as model,
        cast(sum(plays) as bigint) as plays,
        sum(hours) as hours
    from {{ ref(name) }}
    union all
    {%- endfor %}
    select
        'discoveries' as model,
        cast(sum(plays) as bigint) as plays,
        sum(hours) as hours
    from {{ ref('discoveries') }}
    where item_type = 'artist'

)

select
    'marts.' || sums.model as model,
    'plays and hours are those of fct_plays' as rule,
    1 as broken
from sums
cross join counted
where
    coalesce(sums.plays, 0) <> case sums.model when 'discoveries' then counted.plays_of_artists else counted.plays end
    or abs(
        coalesce(sums.hours, 0)
        - case sums.model when 'discoveries' then counted.hours_of_artists else counted.hours end
    ) > 1e-6
