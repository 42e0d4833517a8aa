with full_episodes as (

    select * from {{ ref('stg_spotify__episodes') }} where object_form = 'full'

),

simplified_episodes as (

    select * from {{ ref('stg_spotify__episodes') }} where object_form = 'simplified'

),

heard as (

    select
        episode_uri,
        max(title) as episode_name,
        max(creator) as show_name,
        min(started_at) as first_played_at
    from {{ ref('int_plays') }}
    where content_type = 'episode' and episode_uri is not null
    group by episode_uri

),

listed as (

    select episode_uri from full_episodes
    union
    select episode_uri from simplified_episodes
    union
    select 'spotify:episode:' || episode_id as episode_uri from {{ ref('stg_spotify__saved_episodes_history') }}
    union
    select item_uri as episode_uri from {{ ref('stg_spotify__playlist_items_history') }}
    where item_type = 'episode'
    union
    select episode_uri from heard

),

seen as (

    select
        episode_uri,
        nullif(split_part(episode_uri, ':', 3), '') as episode_id
    from listed
    where episode_uri is not null

),

progress as (

    select
        episode_id,
        bool_or(is_fully_played) as is_fully_played,
        max(resume_position_ms) as resume_position_ms
    from {{ ref('stg_spotify__show_episodes') }}
    group by episode_id

),

saved as (

    select episode_id, added_at from {{ ref('stg_spotify__saved_episodes') }}

),

described as (

    select
        seen.episode_uri,
        seen.episode_id,
        coalesce(full_episodes.episode_name, simplified_episodes.episode_name, heard.episode_name) as episode_name,
        coalesce(full_episodes.show_id, simplified_episodes.show_id) as show_id,
        heard.show_name as heard_show_name,
        coalesce(full_episodes.duration_ms, simplified_episodes.duration_ms) as duration_ms,
        coalesce(full_episodes.release_date, simplified_episodes.release_date) as release_date,
        coalesce(full_episodes.languages, simplified_episodes.languages) as languages,
        coalesce(full_episodes.is_explicit, simplified_episodes.is_explicit) as is_explicit,
        heard.first_played_at,
        coalesce(full_episodes.image_url, simplified_episodes.image_url) as image_url
    from seen
    left join full_episodes on seen.episode_id = full_episodes.episode_id
    left join simplified_episodes on seen.episode_id = simplified_episodes.episode_id
    left join heard on seen.episode_uri = heard.episode_uri

),

-- An episode of an export names its show only.
shows_by_name as (

    select
        show_name,
        min(show_key) as show_key
    from {{ ref('dim_shows') }}
    where first_played_at is not null
    group by show_name

)

select
    described.episode_uri,
    described.episode_id,
    described.episode_name,
    coalesce(shows.show_key, shows_by_name.show_key) as show_key,
    coalesce(shows.show_id, by_name.show_id) as show_id,
    coalesce(shows.show_name, described.heard_show_name) as show_name,
    described.duration_ms,
    {{ first_day('described.release_date') }} as released_on,
    {{ year_of_release('described.release_date') }} as release_year,
    described.languages,
    described.is_explicit,
    progress.is_fully_played,
    progress.resume_position_ms,
    saved.episode_id is not null as is_saved,
    saved.added_at as saved_at,
    described.first_played_at,
    described.image_url
from described
left join {{ ref('dim_shows') }} as shows on described.show_id = shows.show_id
left join shows_by_name on described.heard_show_name = shows_by_name.show_name
left join {{ ref('dim_shows') }} as by_name on shows_by_name.show_key = by_name.show_key
left join progress on described.episode_id = progress.episode_id
left join saved on described.episode_id = saved.episode_id
