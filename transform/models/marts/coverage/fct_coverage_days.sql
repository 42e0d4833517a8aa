with days as (

    select * from {{ ref('int_day_coverage') }}

),

bounds as (

    select * from {{ ref('int_days') }}

),

polls as (

    select * from {{ ref('int_polled_stretches') }}

),

plays as (

    select
        *,
        coalesce(ms_played, ms_played_estimate) as ms_heard
    from {{ ref('fct_plays') }}

),

gaps as (

    select
        bounds.day,
        min(play_gaps.gap_from) as gap_from,
        count(case when play_gaps.closed_by is null then 1 end) as gaps_open,
        count(case when play_gaps.closed_by = 'one_year' then 1 end) as gaps_closed_at_least,
        count(case when play_gaps.is_closed then 1 end) as gaps_closed
    from bounds
    inner join {{ ref('fct_play_gaps') }} as play_gaps
        on bounds.ends_at > play_gaps.gap_from and bounds.begins_at < play_gaps.gap_until
    group by bounds.day

),

played as (

    select
        played_on as day,
        count(*) as plays,
        cast(sum(ms_played) as bigint) as ms_played,
        cast(sum(case when ms_played is null then ms_played_estimate end) as bigint) as ms_estimated,
        count(case when is_in_web_api then 1 end) as plays_in_web_api,
        cast(sum(case when is_in_web_api then ms_heard end) as bigint) as ms_in_web_api,
        count(case when is_in_extended_export then 1 end) as plays_in_extended_export,
        cast(sum(case when is_in_extended_export then ms_heard end) as bigint) as ms_in_extended_export,
        count(case when is_in_one_year_export then 1 end) as plays_in_one_year_export,
        cast(sum(case when is_in_one_year_export then ms_heard end) as bigint) as ms_in_one_year_export
    from plays
    where is_counted
    group by played_on

),

-- Recently played shows tracks only. It hides private plays as it hides others, so they are compared too.
compared as (

    select
        plays.played_on as day,
        count(*) as plays_compared,
        count(case when plays.is_in_web_api then 1 end) as plays_shown
    from plays
    inner join polls on plays.ended_at >= polls.polled_from and plays.ended_at <= polls.polled_until
    where plays.is_in_extended_export and plays.content_type = 'track' and plays.is_at_least_30s
    group by plays.played_on

)

select
    days.day,
    days.status,
    days.missing_because,
    {{ hours('days.extended_ms') }} as hours_in_extended_export,
    {{ hours('days.one_year_ms') }} as hours_in_one_year_export,
    {{ hours('days.polled_ms') }} as hours_polled,
    {{ hours('days.gap_ms') }} as hours_in_open_gaps,
    {{ hours('days.not_read_ms') }} as hours_not_read,
    gaps.gap_from,
    coalesce(gaps.gaps_open, 0) as gaps_open,
    coalesce(gaps.gaps_closed_at_least, 0) as gaps_closed_at_least,
    coalesce(gaps.gaps_closed, 0) as gaps_closed,
    coalesce(played.plays, 0) as plays
    {%- for source in ['web_api', 'extended_export', 'one_year_export'] %},
    coalesce(played.plays_in_{{ source }}, 0) as plays_in_{{ source }},
    {{ hours('played.ms_in_' ~ source) }} as hours_played_in_{{ source }}
    {%- endfor %},
    {{ hours('played.ms_played') }} as hours_played,
    {{ hours('played.ms_estimated') }} as hours_estimated,
    coalesce(compared.plays_compared, 0) as plays_compared,
    coalesce(compared.plays_shown, 0) as plays_shown,
    cast(sum(compared.plays_shown) over () as double)
    / nullif(cast(sum(compared.plays_compared) over () as bigint), 0) as polled_share
from days
left join gaps on days.day = gaps.day
left join played on days.day = played.day
left join compared on days.day = compared.day
