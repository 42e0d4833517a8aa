with one_year as (

    select distinct exported_id from {{ ref('int_one_year_plays') }}

),

joined as (

    select
        exported.record_id,
        coalesce(exported.record_id, others.row_id) as row_id,
        coalesce(others.track_id, {{ track_id_of('exported.content_key') }}) as track_id,
        coalesce(
            others.content_key, {{ track_key('coalesce(exported.first_key, exported.content_key)') }}
        ) as content_key,
        case when exported.content_key like 'spotify:episode:%' then exported.content_key end as episode_uri,
        coalesce(others.content_type, exported.content_type) as content_type,
        coalesce(exported.title, others.title) as title,
        coalesce(exported.creator, others.creator) as creator,
        coalesce(exported.ms_played, others.ms_played) as ms_played,
        coalesce(others.is_in_web_api, false) as is_in_web_api,
        coalesce(others.is_in_one_year_export, false) or one_year.exported_id is not null as is_in_one_year_export,
        coalesce(exported.is_reported_late and others.record_id is null, false) as is_reported_late,
        exported.started_at,
        coalesce(others.ended_at, exported.ts) as ended_at,
        {{ to_the_second('coalesce(others.ended_at, exported.ts)') }} as ended_second,
        -- The sound of a paused play ended before the play did.
        coalesce(
            {{ dbt.dateadd('millisecond', 'exported.ms_played', 'exported.started_at') }}, others.ended_at, exported.ts
        ) as heard_until,
        others.previous_track_ids,
        others.context_type,
        others.context_uri
    from {{ ref('int_exported_plays') }} as exported
    full outer join {{ ref('int_other_plays') }} as others on exported.record_id = others.record_id
    left join one_year on exported.record_id = one_year.exported_id

),

shared as (

    select content_key, ended_second from joined
    group by content_key, ended_second
    having count(*) > 1

),

-- Few plays share content and second of the end. These are numbered, those that the Web API showed first.
numbered as (

    select
        joined.row_id,
        row_number() over (
            partition by joined.content_key, joined.ended_second
            order by
                case when joined.is_in_web_api then 0 else 1 end asc,
                joined.ended_at asc, joined.started_at asc, joined.ms_played desc, joined.row_id asc
        ) as ordinal
    from joined
    inner join shared on joined.content_key = shared.content_key and joined.ended_second = shared.ended_second

),

-- Only a play without a time heard needs the end before its own. No track is as long as a day, so plays of its day and
-- the day before are enough.
days as (

    select distinct {{ stretch_of('joined.heard_until', 86400) }} - back.days as day
    from joined
    cross join (values (0), (1)) as back (days)
    where joined.ms_played is null

),

heard as (

    select
        row_id,
        ms_played,
        date_diff('millisecond', lag(heard_until) over (order by heard_until, row_id), heard_until) as since_previous_ms
    from joined
    where {{ stretch_of('heard_until', 86400) }} in (select days.day from days)

),

measured as (

    select
        joined.*,
        coalesce(numbered.ordinal, 1) as ordinal,
        -- Where the length is not known, the longest play that ended by itself stands for it.
        coalesce(nullif(tracks.duration_ms, 0), exported_tracks.longest_ms) as length_ms,
        heard.since_previous_ms
    from joined
    left join numbered on joined.row_id = numbered.row_id
    left join heard on joined.row_id = heard.row_id and heard.ms_played is null
    left join {{ ref('stg_spotify__tracks') }} as tracks on joined.track_id = tracks.track_id
    left join {{ ref('int_exported_tracks') }} as exported_tracks on joined.track_id = exported_tracks.track_id

),

estimated as (

    select
        *,
        case
            when ms_played is not null then null
            when since_previous_ms < coalesce(length_ms, 30000) then since_previous_ms
            else length_ms
        end as ms_played_estimate
    from measured

)

select
    {{ surrogate_key(['content_key', epoch_ms('ended_second'), 'ordinal']) }} as play_id,
    {% for name in ['record_id', 'content_type', 'track_id', 'episode_uri', 'title', 'creator', 'ended_at', 'ms_played',
        'ms_played_estimate', 'length_ms', 'is_reported_late', 'is_in_web_api', 'is_in_one_year_export', 'context_type',
        'context_uri', 'previous_track_ids'] -%}
    {{ name }},
    {% endfor -%}
    coalesce(
        started_at, {{ dbt.dateadd('millisecond', '-coalesce(ms_played, ms_played_estimate, 0)', 'ended_at') }}
    ) as started_at,
    case when started_at is null then ended_at else heard_until end as sound_ended_at,
    started_at is null as is_started_at_estimated
from estimated
