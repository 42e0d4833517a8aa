with runs as (

    select * from {{ ref('stg_spotify__resource_runs') }} where resource = 'recently_played'

),

-- Times of plays that a run knew. Behind the newest play of a run nothing is known until the next window begins.
known as (

    select newest_at as known_at from runs
    union
    select gap_from as known_at from runs

),

found as (

    select
        gap_until,
        min(read_at) as found_at
    from runs
    where gap_until is not null
    group by gap_until

),

-- A run whose state was not saved is repeated: the next run names the old start again. What the first one read counts.
begun as (

    select
        found.gap_until,
        found.found_at,
        max(known.known_at) as gap_from
    from found
    inner join known on found.gap_until > known.known_at
    group by found.gap_until, found.found_at

)

select
    gap_from,
    min(gap_until) as gap_until,
    min(found_at) as found_at
from begun
group by gap_from
