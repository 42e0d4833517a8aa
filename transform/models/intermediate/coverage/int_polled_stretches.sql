with runs as (

    select * from {{ ref('stg_spotify__resource_runs') }}
    where resource = 'recently_played' and outcome = 'read'

),

gaps as (

    select * from {{ ref('int_play_gaps') }}

),

-- The first window reaches back to its oldest play. Without a play it says something about the time of the run only.
polls as (

    select
        min(coalesce(oldest_at, read_at)) as polled_from,
        max(read_at) as polled_until
    from runs
    having count(*) > 0

),

begins as (

    select polled_from, cast(null as timestamp) as gap_from from polls
    union all
    select gap_until as polled_from, gap_from from gaps

)

select
    begins.polled_from,
    coalesce(
        lead(begins.gap_from) over (order by begins.polled_from),
        polls.polled_until
    ) as polled_until
from begins
cross join polls
