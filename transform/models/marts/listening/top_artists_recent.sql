with tracks as (

    select * from {{ ref('dim_tracks') }}

),

top_artists as (

    select * from {{ ref('fct_top_artists') }}
    where time_range = 'short_term'

),

counted as (

    select * from {{ ref('fct_plays') }}
    where is_counted and content_type = 'track'

),

newest as (

    select max(ended_at) as ended_at from counted

),

plays as (

    select counted.*
    from counted
    inner join newest on counted.ended_at > newest.ended_at - interval '28' day

),

known as (

    select
        count(*) as plays_known,
        min(started_at_local) as known_since
    from plays

),

artists as (

    select
        tracks.primary_artist_name as artist,
        count(*) as plays,
        count(distinct plays.track_id) as tracks,
        max(plays.played_on) as last_played_on
    from plays
    inner join tracks on plays.track_id = tracks.track_id
    where tracks.primary_artist_name is not null
    group by tracks.primary_artist_id, tracks.primary_artist_name

),

ranked as (

    select
        row_number() over (order by plays desc, tracks desc, artist asc) as rank,
        artist,
        plays,
        tracks,
        last_played_on
    from artists

),

by_spotify as (

    select
        top_artists.rank,
        dim_artists.artist_name as artist,
        top_artists.read_on
    from top_artists
    inner join {{ ref('dim_artists') }} as dim_artists on top_artists.artist_id = dim_artists.artist_id
    where top_artists.read_on = (select max(newest_list.read_on) from top_artists as newest_list)

),

paired as (

    select
        coalesce(ranked.rank, by_spotify.rank) as rank,
        ranked.artist,
        ranked.plays,
        ranked.tracks,
        ranked.last_played_on,
        by_spotify.artist as spotify_artist,
        by_spotify.read_on as spotify_read_on
    from ranked
    full outer join by_spotify on ranked.rank = by_spotify.rank

)

select
    paired.rank,
    paired.artist,
    paired.plays,
    paired.tracks,
    paired.last_played_on,
    known.plays_known,
    known.known_since,
    cast('{{ var("time_zone") }}' as varchar) as time_zone,
    paired.spotify_artist,
    paired.spotify_read_on
from paired
cross join known
where paired.rank <= 10
