{%- set keys = {
    'artist': 'artist_key',
    'album': 'album_key',
    'track': 'recording_key',
    'show': 'show_key',
} -%}
{%- set recent = ['last_4_weeks', 'last_6_months', 'last_12_months'] -%}
with ranges as (

    select
        {% for name in recent -%}
        max(case when time_range = '{{ name }}' then range_from end) as {{ name }}_from{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_time_ranges') }}

),

plays as (

    select
        plays.played_on,
        cast(extract(year from plays.played_on) as bigint) as year,
        {{ recording_key() }} as recording_key,
        {{ artist_key() }} as artist_key,
        {{ album_key() }} as album_key,
        case when plays.content_type = 'episode' then coalesce(episodes.show_key, plays.creator) end as show_key,
        {{ ms_heard() }} as ms_heard,
        {{ ms_estimated() }} as ms_estimated
    from {{ ref('fct_plays') }} as plays
    left join {{ ref('dim_episodes') }} as episodes on plays.episode_uri = episodes.episode_uri
    where plays.is_counted

)
{% for item_type, key in keys.items() %}
select
    '{{ item_type }}' as item_type,
    plays.{{ key }} as item_key,
    plays.year,
    count(*) as plays,
    cast(sum(plays.ms_heard) as bigint) as ms_heard,
    cast(sum(plays.ms_estimated) as bigint) as ms_estimated
    {%- for name in recent %}
    {%- set is_in = 'plays.played_on >= ranges.' ~ name ~ '_from' %},
    count(case when {{ is_in }} then 1 end) as plays_in_{{ name }},
    cast(sum(case when {{ is_in }} then plays.ms_heard end) as bigint) as ms_heard_in_{{ name }},
    cast(sum(case when {{ is_in }} then plays.ms_estimated end) as bigint) as ms_estimated_in_{{ name }}
    {%- endfor %}
from plays
cross join ranges
where plays.{{ key }} is not null
group by plays.{{ key }}, plays.year
{{ 'union all' if not loop.last }}
{%- endfor %}
