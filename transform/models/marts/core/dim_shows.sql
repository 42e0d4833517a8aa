with shows as (

    select * from {{ ref('stg_spotify__shows') }}

),

saved as (

    select show_id, added_at from {{ ref('stg_spotify__saved_shows') }}

),

seen as (

    select show_id from shows
    union
    select show_id from {{ ref('stg_spotify__saved_shows_history') }}
    union
    select show_id from {{ ref('stg_spotify__episodes') }} where show_id is not null

),

plays as (

    select
        creator as show_name,
        min(started_at) as first_played_at
    from {{ ref('int_plays') }}
    where content_type = 'episode' and creator is not null
    group by creator

),

-- An export names the show without its id. Two shows can have one name, and then the name says nothing.
named_once as (

    select
        show_name,
        min(show_id) as show_id
    from shows
    where show_name is not null
    group by show_name
    having count(*) = 1

),

heard as (

    select
        named_once.show_id,
        plays.show_name,
        plays.first_played_at
    from plays
    left join named_once on plays.show_name = named_once.show_name

)

select
    coalesce(seen.show_id, heard.show_name) as show_key,
    seen.show_id,
    coalesce(shows.show_name, heard.show_name) as show_name,
    shows.description,
    shows.media_type,
    shows.languages,
    shows.total_episodes,
    shows.is_explicit,
    saved.show_id is not null as is_saved,
    saved.added_at as saved_at,
    heard.first_played_at,
    shows.image_url,
    shows.show_uri
from seen
full outer join heard on seen.show_id = heard.show_id
left join shows on seen.show_id = shows.show_id
left join saved on seen.show_id = saved.show_id
