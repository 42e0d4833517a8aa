-- The plays of a track share a few spellings. They are grouped first, so few rows are compared by load and time.
with spellings as (

    select
        content_key,
        title,
        creator,
        album_name,
        _dlt_load_id,
        max(ts) as ts
    from {{ ref('int_exported_plays') }}
    where {{ is_track('content_key') }}
    group by content_key, title, creator, album_name, _dlt_load_id

),

named as (

    select
        content_key as track_uri,
        {{ last_known('title', epoch_ms('ts') ~ " || ' ' || title") }} as track_name,
        {{ last_known('creator', epoch_ms('ts') ~ " || ' ' || creator") }} as artist_name,
        {{ last_known('album_name', epoch_ms('ts') ~ " || ' ' || album_name") }} as album_name
    from spellings
    group by content_key

),

endings as (

    select
        content_uri as track_uri,
        ms_played,
        row_number() over (partition by content_uri order by count(*) desc, ms_played desc) as place
    from {{ ref('stg_streaming_history__streams') }}
    where reason_end = 'trackdone' and {{ is_track('content_uri') }}
    group by content_uri, ms_played

),

lengths as (

    select
        track_uri,
        max(case when place = 1 then ms_played end) as usual_ms,
        max(ms_played) as longest_ms
    from endings
    group by track_uri

)

select
    {{ track_id_of('named.track_uri') }} as track_id,
    named.track_uri,
    named.track_name,
    named.artist_name,
    named.album_name,
    lengths.usual_ms,
    lengths.longest_ms
from named
left join lengths on named.track_uri = lengths.track_uri
