{%- set minute = 60 -%}
with archives as (

    select file_id, min(archive_id) as archive_id from {{ ref('stg_streaming_history__import_files') }}
    group by file_id

),

records as (

    select
        streams.*,
        {{ stretch_of('streams.end_time', minute) }} as end_minute,
        coalesce(archives.archive_id, streams.file_id) as archive_id
    from {{ ref('stg_streaming_history__one_year_streams') }} as streams
    left join archives on streams.file_id = archives.file_id

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
        end_minute + {{ shift }} as any_minute
    from records
    where record_id not in (select renamed.record_id from renamed)
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
            and (
                minutes.title = exported.title
                or minutes.creator = exported.creator
                or coalesce(minutes.title, minutes.creator, exported.title, exported.creator) is null
            )

)

select
    records.record_id || coalesce(' ' || in_extended.exported_id, '') as pair_id,
    records.record_id,
    in_extended.exported_id,
    records.content_type,
    records.title,
    records.creator,
    records.ms_played,
    records.end_time
from records
left join in_extended on records.record_id = in_extended.record_id
where records.record_id not in (select renamed.record_id from renamed)
