-- Exports of early 2020 have no URI, and exports before 2025 do not name audiobooks. Another export may have the same
-- record with its URI. The id of a file begins with that of its archive.
with found as (

    select
        nameless.record_id,
        min(named.content_uri) as content_uri,
        min(named.content_type) as content_type
    from {{ ref('stg_streaming_history__streams') }} as nameless
    inner join {{ ref('stg_streaming_history__streams') }} as named
        on nameless.ts = named.ts and nameless.ms_played = named.ms_played
    where
        nameless.content_uri is null
        and named.content_uri is not null
        and (
            (nameless.title = named.title and nameless.creator = named.creator)
            or (
                nameless.content_type = 'unidentified'
                and nameless.ms_played > 0
                and nullif(split_part(nameless.file_id, '.', 1), '') <> nullif(split_part(named.file_id, '.', 1), '')
            )
        )
    group by nameless.record_id

),

archives as (

    select file_id, min(archive_id) as archive_id from {{ ref('stg_streaming_history__import_files') }}
    group by file_id

),

identified as (

    select
        streams.record_id,
        streams.started_at,
        streams._dlt_load_id,
        streams.content_key as own_key,
        coalesce(archives.archive_id, streams.file_id) as archive_id,
        coalesce(found.content_uri, streams.content_key) as content_key,
        coalesce(found.content_type, streams.content_type) as content_type,
        coalesce(found.content_uri, streams.content_key) || ' ' || cast(streams.ms_played as varchar)
        || ' ' || {{ epoch_ms('streams.ts') }} as identity
    from {{ ref('stg_streaming_history__streams') }} as streams
    left join archives on streams.file_id = archives.file_id
    left join found on streams.record_id = found.record_id

),

repeated as (

    select identity from identified
    group by identity
    having count(*) > 1

),

-- Few records share their identity, so few are sorted. Copies without a start are counted within one import, because
-- another import repeats what the first one said.
numbered as (

    select
        *,
        row_number() over (
            partition by identity, started_at, archive_id order by _dlt_load_id, record_id
        ) as copy_number,
        row_number() over (partition by identity order by _dlt_load_id desc, record_id desc) as newness
    from identified
    where identity in (select repeated.identity from repeated)

),

aged as (

    select
        *,
        max(newness) over (partition by identity) as oldest,
        row_number() over (
            partition by identity, started_at, case when started_at is null then copy_number end
            order by newness
        ) as same_copy
    from numbered

),

compared as (

    select
        *,
        max(case when newness = 1 then record_id end) over (partition by identity) as newest_id,
        max(case when newness = oldest then own_key end) over (partition by identity) as first_key,
        count(case when started_at is not null and same_copy = 1 then 1 end) over (partition by identity) as starts
    from aged

),

names as (

    select record_id, title, creator, album_name from {{ ref('stg_streaming_history__streams') }}
    where record_id in (select compared.newest_id from compared)

)

-- An identity has as many plays as it has known starts, or as one import has copies without a start, if that is more.
select
    streams.record_id,
    coalesce(compared.content_type, streams.content_type) as content_type,
    coalesce(compared.content_key, streams.content_key) as content_key,
    nullif(compared.first_key, compared.content_key) as first_key,
    coalesce(names.title, streams.title) as title,
    coalesce(names.creator, streams.creator) as creator,
    coalesce(names.album_name, streams.album_name) as album_name,
    streams.ms_played,
    streams.is_reported_late,
    streams.started_at,
    streams.ts,
    streams._dlt_load_id
from {{ ref('stg_streaming_history__streams') }} as streams
left join compared on streams.record_id = compared.record_id
left join names on compared.newest_id = names.record_id
where
    compared.record_id is null
    or (compared.same_copy = 1 and (streams.started_at is not null or compared.copy_number > compared.starts))
