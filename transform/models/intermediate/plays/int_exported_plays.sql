{%- set identity = ['content_type', 'ts', 'content_key', 'ms_played'] -%}
{%- set identities = identity | join(', ') -%}
-- Exports of early 2020 have no URI. Another export may have the same record with its URI.
with found as (

    select
        nameless.record_id,
        min(named.content_uri) as content_uri
    from {{ ref('stg_streaming_history__streams') }} as nameless
    inner join {{ ref('stg_streaming_history__streams') }} as named
        on
            nameless.ts = named.ts
            and nameless.ms_played = named.ms_played
            and nameless.title = named.title
            and nameless.creator = named.creator
    where nameless.content_uri is null and named.content_uri is not null
    group by nameless.record_id

),

records as (

    select
        streams.record_id,
        streams.content_type,
        streams.ts,
        streams.ms_played,
        streams.started_at,
        streams._dlt_load_id,
        coalesce(archives.archive_id, streams.file_id) as archive_id,
        coalesce(found.content_uri, streams.content_key) as content_key,
        streams.content_key as own_key
    from {{ ref('stg_streaming_history__streams') }} as streams
    left join (
        select
            file_id,
            min(archive_id) as archive_id
        from {{ ref('stg_streaming_history__import_files') }}
        group by file_id
    ) as archives on streams.file_id = archives.file_id
    left join found on streams.record_id = found.record_id

),

-- Few records share their identity with another one. Only these are sorted.
repeated as (

    select records.*
    from records
    inner join (
        select {{ identities }} from records
        group by {{ identities }}
        having count(*) > 1
    ) as shared on {% for name in identity %}records.{{ name }} = shared.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}

),

-- Copies without a start are counted within one import, because another import repeats what the first one said.
numbered as (

    select
        *,
        row_number() over (
            partition by {{ identities }}, started_at, archive_id order by _dlt_load_id, record_id
        ) as copy_number,
        row_number() over (partition by {{ identities }} order by _dlt_load_id desc, record_id desc) as newness
    from repeated

),

aged as (

    select
        *,
        max(newness) over (partition by {{ identities }}) as oldest,
        row_number() over (
            partition by {{ identities }}, started_at, case when started_at is null then copy_number end
            order by newness
        ) as same_copy
    from numbered

),

counted as (

    select
        *,
        max(case when newness = 1 then record_id end) over (partition by {{ identities }}) as newest_id,
        max(case when newness = oldest then own_key end) over (partition by {{ identities }}) as first_key,
        count(case when started_at is not null and same_copy = 1 then 1 end) over (partition by {{ identities }}) as starts
    from aged

),

names as (

    select
        counted.record_id as newest_id,
        streams.title,
        streams.creator,
        streams.album_name
    from counted
    inner join {{ ref('stg_streaming_history__streams') }} as streams on counted.record_id = streams.record_id
    where counted.newness = 1

)

select
    streams.record_id,
    streams.content_type,
    coalesce(counted.content_key, streams.content_key) as content_key,
    case when counted.first_key <> counted.content_key then counted.first_key end as first_key,
    coalesce(names.title, streams.title) as title,
    coalesce(names.creator, streams.creator) as creator,
    coalesce(names.album_name, streams.album_name) as album_name,
    streams.ms_played,
    streams.is_reported_late,
    streams.started_at,
    streams.ts,
    streams._dlt_load_id
from {{ ref('stg_streaming_history__streams') }} as streams
left join counted on streams.record_id = counted.record_id
left join names on counted.newest_id = names.newest_id
where
    counted.record_id is null
    or (counted.same_copy = 1 and (streams.started_at is not null or counted.copy_number > counted.starts))
