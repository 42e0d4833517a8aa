with polled as (

    select
        *,
        row_number() over (order by played_at, track_id) as polled_id
    from {{ ref('int_plays_deduplicated') }}

),

exported as (

    select
        record_id,
        {{ track_id_of('content_key') }} as track_id,
        ts,
        ms_played,
        is_reported_late,
        coalesce(started_at, {{ dbt.dateadd('millisecond', '-ms_played', 'ts') }}) as started_at
    from {{ ref('int_exported_plays') }}
    where {{ is_track('content_key') }}

),

-- The widest window has 20 seconds, so it touches at most two stretches of 20 seconds.
stretches as (

    {% for seconds in ['-5', '15'] -%}
    select
        *,
        {{ stretch_of(dbt.dateadd('second', seconds, 'played_at'), 20) }} as stretch
    from polled
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

near as (

    select distinct
        stretches.polled_id,
        exported.record_id,
        exported.ms_played,
        exported.is_reported_late,
        date_diff('millisecond', {{ to_the_second('stretches.played_at') }}, exported.ts) as later_ms,
        date_diff('millisecond', stretches.played_at, exported.ts) as exactly_later_ms
    from stretches
    inner join exported
        on
            stretches.track_id = exported.track_id
            and stretches.stretch = {{ stretch_of('exported.ts', 20) }}

),

-- `rule` is the number of the rule in docs/pairing.md; a lower one comes first.
candidates as (

    select
        polled_id,
        record_id,
        ms_played,
        case
            when later_ms = 0 then 1
            when exactly_later_ms between -5000 and 1000 then 2
            else 3
        end as rule,
        abs(exactly_later_ms) as distance_ms
    from near
    where
        later_ms = 0
        or exactly_later_ms between -5000 and 1000
        or (is_reported_late and exactly_later_ms between -5000 and 15000)
    union all
    select
        polled.polled_id,
        exported.record_id,
        exported.ms_played,
        4 as rule,
        abs(
            date_diff(
                'millisecond', polled.played_at,
                {{ dbt.dateadd('millisecond', 'exported.ms_played', 'exported.started_at') }}
            )
        ) as distance_ms
    from polled
    inner join exported
        on
            polled.track_id = exported.track_id
            and exported.is_reported_late
            and polled.played_at between exported.started_at and {{ dbt.dateadd('second', '5', 'exported.ts') }}
    union all
    select
        polled.polled_id,
        exported.record_id,
        exported.ms_played,
        5 as rule,
        0 as distance_ms
    from polled
    inner join {{ ref('int_identities') }} as identities
        on polled.content_id = identities.content_id and identities.item_type = 'track'
    inner join exported
        on
            identities.item_id = exported.track_id
            and polled.track_id <> exported.track_id
            and {{ to_the_second('polled.played_at') }} = exported.ts

),

placed as (

    select
        polled_id,
        record_id,
        row_number() over (
            order by rule asc, distance_ms asc, ms_played desc, polled_id asc, record_id asc
        ) as place
    from candidates

),

{{ one_to_one('placed', 'polled_id', 'record_id') }}

select
    {% for name in ['track_id', 'previous_track_ids', 'played_at', 'track_name', 'artist_name', 'context_type',
        'context_uri'] -%}
    polled.{{ name }},
    {% endfor -%}
    paired.record_id
from polled
left join paired on polled.polled_id = paired.polled_id
