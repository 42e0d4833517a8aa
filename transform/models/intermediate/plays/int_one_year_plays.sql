{%- set minute = 60 -%}
with records as (

    select
        streams.*,
        {{ stretch_of('streams.end_time', minute) }} as end_minute,
        coalesce(files.archive_id, streams.file_id) as archive_id
    from {{ ref('stg_streaming_history__one_year_streams') }} as streams
    left join (
        select
            file_id,
            min(archive_id) as archive_id
        from {{ ref('stg_streaming_history__import_files') }}
        group by file_id
    ) as files on streams.file_id = files.file_id

),

-- Spotify renames content between two exports: the newer import has another title or artist for the same record.
renamed as (

    select distinct older.record_id
    from records as older
    inner join records as newer
        on
            older.end_minute = newer.end_minute
            and older.ms_played = newer.ms_played
            and older.archive_id <> newer.archive_id
            and older._dlt_load_id < newer._dlt_load_id
            and (older.title = newer.title or older.creator = newer.creator)

),

minutes as (

    {% for shift in [-1, 0, 1] %}
    select
        record_id,
        ms_played,
        title,
        creator,
        end_minute + {{ shift }} as any_minute,
        {{ shift * shift }} as minutes_apart
    from records
    where record_id not in (select record_id from renamed)
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

exported as (

    select
        record_id,
        title,
        creator,
        ms_played,
        {{ stretch_of('ts', minute) }} as end_minute
    from {{ ref('int_exported_plays') }}
    union all
    select
        record_id,
        title,
        creator,
        ms_played,
        {{ stretch_of(dbt.dateadd('millisecond', 'ms_played', 'started_at'), minute) }} as end_minute
    from {{ ref('int_exported_plays') }}
    where started_at is not null

),

in_extended as (

    select distinct
        minutes.record_id,
        exported.record_id as exported_id
    from minutes
    inner join exported
        on
            minutes.any_minute = exported.end_minute
            and minutes.ms_played = exported.ms_played
            and (minutes.title = exported.title or minutes.creator = exported.creator)

),

-- Polls do not know ms_played, so they need the title. One record may stand for several plays.
in_web_api as (

    select
        polled.played_at,
        polled.track_id,
        minutes.record_id,
        row_number() over (
            partition by polled.played_at, polled.track_id
            order by minutes.minutes_apart, minutes.ms_played desc, minutes.record_id
        ) as place
    from {{ ref('int_play_pairs') }} as polled
    inner join minutes
        on
            {{ stretch_of('polled.played_at', minute) }} = minutes.any_minute
            and polled.track_name = minutes.title
    where
        polled.record_id is null
        and minutes.record_id not in (select record_id from in_extended)

)

select
    records.record_id,
    row_number() over (
        partition by records.record_id order by in_extended.exported_id, in_web_api.played_at, in_web_api.track_id
    ) as place,
    records.content_type,
    records.title,
    records.creator,
    records.ms_played,
    records.end_time,
    in_extended.exported_id,
    in_web_api.played_at,
    in_web_api.track_id
from records
left join in_extended on records.record_id = in_extended.record_id
left join in_web_api on records.record_id = in_web_api.record_id and in_web_api.place = 1
where records.record_id not in (select record_id from renamed)
