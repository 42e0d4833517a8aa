with seen as (

    select * from {{ ref('int_tracks_seen') }}

),

tracks as (

    select * from {{ ref('stg_spotify__tracks') }}

),

albums as (

    select * from {{ ref('dim_albums') }}

),

artists as (

    select * from {{ ref('dim_artists') }}

),

credits as (

    select
        track_id,
        count(*) as artists_count,
        max(case when position = 1 then artist_id end) as primary_artist_id,
        max(case when position = 1 then artist_name end) as primary_artist_name,
        {{ dbt.listagg('artist_name', "', '", 'order by position') }} as artist_names
    from {{ ref('bridge_track_artists') }}
    group by track_id

),

exported as (

    select
        content_key,
        {{ last_known('title') }} as track_name,
        {{ last_known('creator') }} as artist_name,
        {{ last_known('album_name') }} as album_name
    from {{ ref('int_exported_plays') }}
    group by content_key

),

saved as (

    select track_id, added_at from {{ ref('stg_spotify__saved_tracks') }}

)

select
    seen.track_id,
    coalesce(tracks.track_name, exported.track_name) as track_name,
    tracks.album_id,
    coalesce(albums.album_name, tracks.album_name, exported.album_name) as album_name,
    credits.primary_artist_id,
    coalesce(artists.artist_name, credits.primary_artist_name, exported.artist_name) as primary_artist_name,
    credits.artist_names,
    coalesce(credits.artists_count, 0) as artists_count,
    nullif(tracks.duration_ms, 0) as duration_ms,
    tracks.disc_number,
    tracks.track_number,
    tracks.isrc,
    tracks.popularity,
    tracks.is_explicit,
    seen.track_uri like 'spotify:local:%' as is_local,
    saved.track_id is not null as is_saved,
    saved.added_at as saved_at,
    seen.track_uri
from seen
left join tracks on seen.track_id = tracks.track_id
left join albums on tracks.album_id = albums.album_id
left join credits on seen.track_id = credits.track_id
left join artists on credits.primary_artist_id = artists.artist_id
left join exported on seen.track_uri = exported.content_key
left join saved on seen.track_id = saved.track_id
