with seen as (

    select * from {{ ref('int_tracks_seen') }}

),

tracks as (

    select * from {{ ref('stg_spotify__tracks') }}

),

albums as (

    select * from {{ ref('int_albums') }}

),

artists as (

    select * from {{ ref('int_artists') }}

),

credits as (

    select
        track_id,
        count(*) as artists_count,
        max(case when place = 1 then artist_id end) as primary_artist_id,
        max(case when place = 1 then artist_name end) as primary_artist_name,
        {{ dbt.listagg('artist_name', "', '", 'order by place') }} as artist_names
    from {{ ref('bridge_track_artists') }}
    group by track_id

),

exported as (

    select * from {{ ref('int_exported_tracks') }}

),

saved as (

    select track_id, added_at from {{ ref('stg_spotify__saved_tracks') }}

),

played as (

    select
        track_id,
        min(started_at) as first_played_at
    from {{ ref('int_plays') }}
    where track_id is not null
    group by track_id

),

-- An export names the album of a track without its id.
named_albums as (

    select
        lower(album_name) as lower_name,
        primary_artist_id,
        min(album_id) as album_id
    from albums
    where album_name is not null and primary_artist_id is not null
    group by lower(album_name), primary_artist_id

)

select
    seen.track_id,
    coalesce(tracks.track_name, exported.track_name) as track_name,
    coalesce(tracks.album_id, named_albums.album_id) as album_id,
    coalesce(albums.album_name, tracks.album_name, exported.album_name) as album_name,
    albums.release_year,
    credits.primary_artist_id,
    coalesce(artists.artist_name, credits.primary_artist_name, exported.artist_name) as primary_artist_name,
    credits.artist_names,
    coalesce(credits.artists_count, 0) as artists_count,
    nullif(tracks.duration_ms, 0) as duration_ms,
    tracks.disc_number,
    tracks.track_number,
    tracks.isrc,
    tracks.is_explicit,
    seen.track_uri like 'spotify:local:%' as is_local,
    saved.track_id is not null as is_saved,
    saved.added_at as saved_at,
    played.first_played_at,
    albums.image_url,
    seen.track_uri
from seen
left join tracks on seen.track_id = tracks.track_id
left join credits on seen.track_id = credits.track_id
left join artists on credits.primary_artist_id = artists.artist_id
left join exported on seen.track_id = exported.track_id
left join named_albums
    on
        tracks.track_id is null
        and lower(exported.album_name) = named_albums.lower_name
        and credits.primary_artist_id = named_albums.primary_artist_id
left join albums on coalesce(tracks.album_id, named_albums.album_id) = albums.album_id
left join saved on seen.track_id = saved.track_id
left join played on seen.track_id = played.track_id
