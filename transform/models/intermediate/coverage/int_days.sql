with moments as (

    select known_from as moment from {{ ref('int_known_stretches') }}
    union all
    select known_until as moment from {{ ref('int_known_stretches') }}
    union all
    select started_at as moment from {{ ref('int_plays') }}

),

ends as (

    select
        cast({{ local_time('min(moment)') }} as date) as first_day,
        cast({{ local_time('max(moment)') }} as date) as last_day
    from moments
    having count(*) > 0

),

{{ day_numbers() }},

-- One day more than wanted, because a day ends where the next one begins.
midnights as (

    select {{ dbt.dateadd('day', 'numbers.number', 'cast(ends.first_day as timestamp)') }} as midnight
    from ends
    inner join numbers on numbers.number <= date_diff('day', ends.first_day, ends.last_day) + 1

),

-- The engines differ in the way from a local time to UTC, so the offset is measured: first where midnight would be if
-- the listener's clock showed UTC, then at the time found. Where summer time begins at midnight, a day begins at 01:00.
guessed as (

    select
        midnight,
        {{ local_time('midnight') }} as seen
    from midnights

),

measured as (

    select
        midnight,
        {{ dbt.dateadd('millisecond', "date_diff('millisecond', seen, midnight)", 'midnight') }} as guess
    from guessed

),

seen_again as (

    select
        midnight,
        guess,
        {{ local_time('guess') }} as seen
    from measured

),

corrected as (

    select
        midnight,
        guess,
        {{ dbt.dateadd('millisecond', "date_diff('millisecond', seen, guess)", 'midnight') }} as better_guess
    from seen_again

),

begun as (

    select
        cast(midnight as date) as day,
        case when {{ local_time('better_guess') }} >= midnight then better_guess else guess end as begins_at
    from corrected

),

ended as (

    select
        day,
        begins_at,
        lead(begins_at) over (order by day) as ends_at
    from begun

)

select * from ended
where ends_at is not null
