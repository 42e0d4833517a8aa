with days as (

    select * from {{ ref('int_days') }}

),

stretches as (

    select * from {{ ref('int_known_stretches') }}

),

polls as (

    select min(polled_from) as polled_from from {{ ref('int_polled_stretches') }}

),

shared as (

    select
        days.day,
        stretches.layer,
        {{ shared_ms('days.begins_at', 'days.ends_at', 'stretches.known_from', 'stretches.known_until') }} as shared_ms
    from days
    inner join stretches on days.ends_at > stretches.known_from and days.begins_at < stretches.known_until

),

covered as (

    select
        day,
        cast(sum(case when layer = 1 then shared_ms end) as bigint) as extended_ms,
        cast(sum(case when layer = 2 then shared_ms end) as bigint) as export_ms,
        cast(sum(case when layer = 3 then shared_ms end) as bigint) as known_ms,
        cast(sum(case when layer = 4 then shared_ms end) as bigint) as reached_ms
    from shared
    group by day

),

-- A layer contains the one before it, so each part of the day is counted once: for its best source.
parts as (

    select
        days.day,
        days.begins_at < polls.polled_from or polls.polled_from is null as is_before_polls,
        coalesce(covered.extended_ms, 0) as extended_ms,
        coalesce(covered.export_ms, 0) - coalesce(covered.extended_ms, 0) as one_year_ms,
        coalesce(covered.known_ms, 0) - coalesce(covered.export_ms, 0) as polled_ms,
        coalesce(covered.reached_ms, 0) - coalesce(covered.known_ms, 0) as gap_ms,
        date_diff('millisecond', days.begins_at, days.ends_at) - coalesce(covered.reached_ms, 0) as not_read_ms
    from days
    cross join polls
    left join covered on days.day = covered.day

)

-- Exports have whole seconds, polls have milliseconds: less than a second is no part of a day.
select
    day,
    extended_ms,
    one_year_ms,
    polled_ms,
    gap_ms,
    not_read_ms,
    case
        when gap_ms >= 1000 then 'gap'
        when extended_ms + one_year_ms + polled_ms < 1000 then 'unknown'
        when not_read_ms >= 1000 then 'in part'
        when polled_ms >= 1000 then 'polled'
        when one_year_ms >= 1000 then 'at least'
        else 'complete'
    end as status,
    nullif(substr(
        case when gap_ms >= 1000 then '; more than 50 plays between two polls' else '' end
        || case when polled_ms >= 1000 then '; polls do not show every play' else '' end
        || case when one_year_ms >= 1000 then '; a one-year export lacks 4 to 7 % of the plays' else '' end
        || case
            when not_read_ms < 1000 then ''
            when is_before_polls then '; before the first poll and in no export'
            else '; after the last poll and in no export'
        end,
        3
    ), '') as missing_because
from parts
