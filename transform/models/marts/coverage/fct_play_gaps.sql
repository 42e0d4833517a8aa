with gaps as (

    select
        *,
        date_diff('millisecond', gap_from, gap_until) as gap_ms
    from {{ ref('int_play_gaps') }}

),

stretches as (

    select * from {{ ref('int_known_stretches') }} where layer <= 2

),

plays as (

    select ended_at from {{ ref('fct_plays') }} where not is_in_web_api

),

shared as (

    select
        gaps.gap_from,
        stretches.layer,
        {{ later_of('gaps.gap_from', 'stretches.known_from') }} as shared_from,
        {{ earlier_of('gaps.gap_until', 'stretches.known_until') }} as shared_until,
        {{ shared_ms('gaps.gap_from', 'gaps.gap_until', 'stretches.known_from', 'stretches.known_until') }} as shared_ms
    from gaps
    inner join stretches on gaps.gap_until > stretches.known_from and gaps.gap_from < stretches.known_until

),

covered as (

    select
        gap_from,
        min(case when layer = 1 then shared_from end) as closed_from,
        max(case when layer = 1 then shared_until end) as closed_until,
        cast(sum(case when layer = 1 then shared_ms end) as bigint) as extended_ms,
        cast(sum(case when layer = 2 then shared_ms end) as bigint) as export_ms
    from shared
    group by gap_from

),

found as (

    select
        gaps.gap_from,
        count(*) as plays_found
    from gaps
    inner join plays on gaps.gap_from < plays.ended_at and gaps.gap_until > plays.ended_at
    group by gaps.gap_from

),

measured as (

    select
        gaps.*,
        covered.closed_from,
        covered.closed_until,
        coalesce(covered.extended_ms, 0) as extended_ms,
        coalesce(covered.export_ms, 0) as export_ms,
        coalesce(found.plays_found, 0) as plays_found
    from gaps
    left join covered on gaps.gap_from = covered.gap_from
    left join found on gaps.gap_from = found.gap_from

)

-- Exports have whole seconds, polls have milliseconds: less than a second is no open part.
select
    gap_from,
    gap_until,
    found_at,
    cast({{ local_time('gap_from') }} as date) as first_day,
    {{ hours('gap_ms') }} as hours,
    {{ hours('gap_ms - export_ms') }} as hours_open,
    case
        when gap_ms - extended_ms < 1000 then 'extended'
        when gap_ms - export_ms < 1000 then 'one_year'
    end as closed_by,
    gap_ms - extended_ms < 1000 as is_closed,
    closed_from,
    closed_until,
    plays_found
from measured
