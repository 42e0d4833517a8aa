with saved as (

    select album_id, added_at from {{ ref('stg_spotify__saved_albums') }}

),

played as (

    select
        album_id,
        min(started_at) as first_played_at
    from {{ ref('fct_plays') }}
    where album_id is not null
    group by album_id

)

select
    albums.album_id,
    albums.album_name,
    albums.album_type,
    albums.primary_artist_id,
    albums.artist_names,
    albums.release_date,
    albums.released_on,
    albums.release_year,
    albums.total_tracks,
    albums.upc,
    saved.album_id is not null as is_saved,
    saved.added_at as saved_at,
    played.first_played_at,
    albums.image_url,
    albums.album_uri
from {{ ref('int_albums') }} as albums
left join saved on albums.album_id = saved.album_id
left join played on albums.album_id = played.album_id
