with plays as (

    select
        cast(extract(year from plays.played_on) as bigint) as year,
        {{ keys_of_items() }},
        plays.is_counted,
        case when plays.is_counted then plays.started_at_local end as counted_from,
        case when plays.is_counted then {{ ms_heard() }} end as ms_heard,
        case when plays.is_counted then {{ ms_estimated() }} end as ms_estimated,
        {{ may_count() }} and {{ has_known_end() }} as has_known_end,
        {{ is_skip() }} as is_skip
    from {{ ref('fct_plays') }} as plays
    left join {{ ref('dim_episodes') }} as episodes on plays.episode_uri = episodes.episode_uri

),

-- A track has nearly always one artist and one album, so this step leaves few rows for the next one.
combined as (

    select
        year,
        {% for item_type in item_types() -%}
        {{ item_type }}_key,
        {% endfor -%}
        count(case when is_counted then 1 end) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard,
        cast(sum(ms_estimated) as bigint) as ms_estimated,
        min(counted_from) as first_played_at_local,
        count(case when has_known_end then 1 end) as plays_known_end,
        count(case when has_known_end and is_skip then 1 end) as skips
    from plays
    where is_counted or has_known_end
    group by
        {% for item_type in item_types() -%}
        {{ item_type }}_key,
        {% endfor -%}
        year

)
{% for item_type in item_types() %}
select
    '{{ item_type }}' as item_type,
    {{ item_type }}_key as item_key,
    year,
    cast(sum(plays) as bigint) as plays,
    cast(sum(ms_heard) as bigint) as ms_heard,
    cast(sum(ms_estimated) as bigint) as ms_estimated,
    min(first_played_at_local) as first_played_at_local,
    cast(sum(plays_known_end) as bigint) as plays_known_end,
    cast(sum(skips) as bigint) as skips
from combined
where {{ item_type }}_key is not null
group by {{ item_type }}_key, year
{{ 'union all' if not loop.last }}
{%- endfor %}
