with plays as (

    select * from {{ ref('fct_plays') }}

),

tracks as (

    select * from {{ ref('dim_tracks') }}

),

newest as (

    select max(played_at) as played_at from plays

),

artists as (

    select
        tracks.primary_artist_name as artist,
        count(*) as plays,
        count(distinct plays.track_id) as tracks,
        max(plays.played_on) as last_played_on
    from plays
    inner join newest on plays.played_at > newest.played_at - interval '28' day
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

)

select * from ranked
where rank <= 10
