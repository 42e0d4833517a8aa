with streams as (

    select * from {{ ref('stg_streaming_history__streams') }}

),

archives as (

    select
        file_id,
        min(archive_id) as archive_id
    from {{ ref('stg_streaming_history__import_files') }}
    group by file_id

),

-- Exports of early 2020 have no URI. A newer export may have the same record with its URI.
found as (

    select
        nameless.record_id,
        min(streams.content_uri) as content_uri
    from streams as nameless
    inner join streams
        on
            nameless.ts = streams.ts
            and nameless.ms_played = streams.ms_played
            and nameless.title = streams.title
            and nameless.creator = streams.creator
    where nameless.content_uri is null and streams.content_uri is not null
    group by nameless.record_id

),

records as (

    select
        streams.*,
        coalesce(archives.archive_id, streams.file_id) as archive_id,
        coalesce(
            streams.content_uri,
            found.content_uri,
            coalesce(streams.title, '~') || '|' || coalesce(streams.creator, '~')
        ) as thing
    from streams
    left join archives on streams.file_id = archives.file_id
    left join found on streams.record_id = found.record_id

),

-- Copies of a record without a start count within one import: another import repeats what the first one said.
copied as (

    select
        *,
        row_number() over (
            partition by ts, thing, ms_played, content_type, started_at, archive_id order by _dlt_load_id, record_id
        ) as copy_number
    from records

),

aged as (

    select
        *,
        row_number() over (
            partition by ts, thing, ms_played, content_type, started_at, case when started_at is null then copy_number end
            order by _dlt_load_id desc, record_id asc
        ) as age
    from copied

),

-- Names come from the newest import, because Spotify renames content.
known as (

    select
        *,
        {% for name in ['track_uri', 'episode_uri', 'audiobook_uri', 'title', 'creator', 'album_name'] -%}
        {{ last_known(name) }} over (partition by ts, thing, ms_played, content_type) as known_{{ name }},
        {% endfor -%}
        count(case when started_at is not null and age = 1 then 1 end) over (
            partition by ts, thing, ms_played, content_type
        ) as starts
    from aged

)

select
    record_id,
    content_type,
    thing,
    {{ track_key('known_track_uri') }} as track_id,
    known_track_uri as track_uri,
    known_episode_uri as episode_uri,
    known_audiobook_uri as audiobook_uri,
    known_title as title,
    known_creator as creator,
    known_album_name as album_name,
    platform,
    country,
    reason_start,
    reason_end,
    ms_played,
    is_video,
    is_shuffled,
    is_skipped,
    is_offline,
    is_private,
    ts < timestamp '2022-10-15 00:00:00.000' or coalesce(offline_timestamp >= 1000000000000, false) as is_reported_late,
    started_at,
    ts,
    _dlt_load_id
from known
where age = 1 and (started_at is not null or copy_number > starts)
