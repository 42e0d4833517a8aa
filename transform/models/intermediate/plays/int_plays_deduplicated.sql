with plays as (

    select * from {{ ref('stg_spotify__recently_played') }}

),

identified as (

    select
        plays.*,
        coalesce(identities.content_id, plays.track_id) as content_id,
        row_number() over (
            partition by plays.played_at, coalesce(identities.content_id, plays.track_id)
            order by plays._dlt_load_id desc, plays.track_id asc
        ) as age
    from plays
    left join {{ ref('int_identities') }} as identities
        on identities.item_type = 'track' and plays.track_id = identities.item_id

),

-- The same end and the same recording is one play, also when Spotify has given the track a new id since.
ended as (

    select
        played_at,
        content_id,
        max(case when age = 1 then track_id end) as track_id,
        {{ dbt.listagg("case when age > 1 then track_id end", "', '", "order by age") }} as previous_track_ids,
        {{ last_known('context_type', 'track_id') }} as context_type,
        {{ last_known('context_uri', 'track_id') }} as context_uri
    from identified
    group by played_at, content_id

),

timed as (

    select
        ended.*,
        nullif(tracks.duration_ms, 0) as duration_ms,
        tracks.track_name,
        artists.artist_name,
        date_diff(
            'millisecond',
            lag(ended.played_at) over (partition by ended.content_id order by ended.played_at),
            ended.played_at
        ) as since_previous_ms
    from ended
    left join {{ ref('stg_spotify__tracks') }} as tracks on ended.track_id = tracks.track_id
    left join {{ ref('stg_spotify__track_artists') }} as artists
        on ended.track_id = artists.track_id and artists.position = 1

)

-- Spotify sends some plays twice, seconds apart. A track cannot end again in less time than its length.
select
    track_id,
    nullif(previous_track_ids, '') as previous_track_ids,
    content_id,
    played_at,
    duration_ms,
    track_name,
    artist_name,
    context_type,
    context_uri
from timed
where
    since_previous_ms is null
    or since_previous_ms >= 30000
    or since_previous_ms >= duration_ms
