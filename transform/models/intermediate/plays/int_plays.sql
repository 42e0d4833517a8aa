with exported as (

    select
        plays.*,
        named.exported_id is not null as is_in_one_year_export
    from {{ ref('int_exported_plays') }} as plays
    left join (
        select distinct exported_id from {{ ref('int_one_year_plays') }}
    ) as named on plays.record_id = named.exported_id

),

polled as (

    select
        polls.*,
        one_year.ms_played,
        one_year.record_id is not null as is_in_one_year_export
    from {{ ref('int_play_pairs') }} as polls
    left join {{ ref('int_one_year_plays') }} as one_year
        on polls.played_at = one_year.played_at and polls.track_id = one_year.track_id

),

joined as (

    select
        coalesce(exported.content_type, 'track') as content_type,
        coalesce(polled.track_id, exported.track_id) as track_id,
        coalesce(polled.track_id, exported.track_id, exported.thing) as thing,
        exported.track_id as exported_track_id,
        exported.episode_uri,
        exported.audiobook_uri,
        coalesce(exported.title, polled.track_name) as title,
        coalesce(exported.creator, polled.artist_name) as creator,
        coalesce(polled.played_at, exported.ts) as ended_at,
        exported.started_at as known_start,
        coalesce(exported.ms_played, polled.ms_played) as ms_played,
        polled.duration_ms,
        polled.previous_track_ids,
        polled.context_type,
        polled.context_uri,
        exported.platform,
        exported.country,
        exported.reason_start,
        exported.reason_end,
        exported.is_shuffled,
        exported.is_skipped,
        exported.is_offline,
        exported.is_private,
        exported.is_video,
        coalesce(exported.is_reported_late and polled.played_at is null, false) as is_reported_late,
        polled.played_at is not null as is_in_web_api,
        exported.record_id is not null as is_in_extended_export,
        coalesce(exported.is_in_one_year_export, polled.is_in_one_year_export) as is_in_one_year_export,
        exported.record_id
    from exported
    full outer join polled on exported.record_id = polled.record_id
    union all
    select
        content_type,
        cast(null as varchar) as track_id,
        coalesce(title, '~') || '|' || coalesce(creator, '~') as thing,
        cast(null as varchar) as exported_track_id,
        cast(null as varchar) as episode_uri,
        cast(null as varchar) as audiobook_uri,
        title,
        creator,
        end_time as ended_at,
        cast(null as timestamp) as known_start,
        ms_played,
        {% for name in ['duration_ms bigint', 'previous_track_ids varchar', 'context_type varchar', 'context_uri varchar',
            'platform varchar', 'country varchar', 'reason_start varchar', 'reason_end varchar', 'is_shuffled boolean',
            'is_skipped boolean', 'is_offline boolean', 'is_private boolean', 'is_video boolean'] -%}
        cast(null as {{ name.split()[1] }}) as {{ name.split()[0] }},
        {% endfor -%}
        false as is_reported_late,
        false as is_in_web_api,
        false as is_in_extended_export,
        true as is_in_one_year_export,
        record_id
    from {{ ref('int_one_year_plays') }}
    where exported_id is null and played_at is null

),

-- The sound of a late or paused play ended before its entry did.
ordered as (

    select
        *,
        {{ to_the_second('ended_at') }} as ended_second,
        coalesce({{ dbt.dateadd('millisecond', 'ms_played', 'known_start') }}, ended_at) as heard_until
    from joined

),

timed as (

    select
        *,
        row_number() over (
            partition by thing, ended_second
            order by case when is_in_web_api then 0 else 1 end, ended_at, known_start, ms_played desc, record_id
        ) as ordinal,
        date_diff('millisecond', lag(heard_until) over (order by heard_until, thing), heard_until) as since_previous_ms
    from ordered

),

estimated as (

    select
        timed.*,
        coalesce(timed.duration_ms, nullif(tracks.duration_ms, 0)) as length_ms,
        case
            when timed.ms_played is not null then null
            when timed.since_previous_ms < coalesce(timed.duration_ms, 30000) then timed.since_previous_ms
            else timed.duration_ms
        end as ms_played_estimate
    from timed
    left join {{ ref('stg_spotify__tracks') }} as tracks on timed.track_id = tracks.track_id

)

select
    {{ surrogate_key(['thing', epoch_ms('ended_second'), 'ordinal']) }} as play_id,
    content_type,
    track_id,
    episode_uri,
    audiobook_uri,
    title,
    creator,
    coalesce(
        known_start,
        {{ dbt.dateadd('millisecond', '-coalesce(ms_played, ms_played_estimate, 0)', 'ended_at') }}
    ) as started_at,
    case
        when known_start is not null then {{ dbt.dateadd('millisecond', 'ms_played', 'known_start') }}
        else ended_at
    end as sound_ended_at,
    ended_at,
    known_start is null as is_started_at_estimated,
    ms_played,
    ms_played_estimate,
    length_ms,
    is_reported_late,
    is_in_web_api,
    is_in_extended_export,
    is_in_one_year_export,
    context_type,
    context_uri,
    platform,
    country,
    reason_start,
    reason_end,
    is_shuffled,
    is_skipped,
    is_offline,
    is_private,
    is_video,
    previous_track_ids
from estimated
