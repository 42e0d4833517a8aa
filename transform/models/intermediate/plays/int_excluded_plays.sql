with rules as (

    select * from {{ ref('int_exclusions') }}

),

plays as (

    select
        play_id,
        track_id,
        lower(title) as title,
        lower(creator) as creator,
        {{ local_time('started_at') }} as started_at_local
    from {{ ref('int_plays') }}

),

credits as (

    select
        track_id,
        artist_id,
        lower(artist_name) as artist
    from {{ ref('stg_spotify__track_artists') }}

),

-- Each play with every name of its artists: that of the play, and the credited ones with their ids.
named as (

    select play_id, track_id, title, started_at_local, creator as artist from plays
    union all
    select plays.play_id, plays.track_id, plays.title, plays.started_at_local, credits.artist
    from plays
    inner join credits on plays.track_id = credits.track_id
    union all
    select plays.play_id, plays.track_id, plays.title, plays.started_at_local, credits.artist_id as artist
    from plays
    inner join credits on plays.track_id = credits.track_id

)

select distinct named.play_id
from named
inner join rules
    on
        (rules.artist is null or named.artist = rules.artist)
        and (rules.track is null or named.title = rules.track or named.track_id = rules.track)
        and (rules.excluded_from is null or named.started_at_local >= rules.excluded_from)
        and (rules.excluded_until is null or named.started_at_local < rules.excluded_until)
