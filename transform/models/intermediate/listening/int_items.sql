select
    'artist' as item_type,
    artist_id as item_key,
    artist_id as item_id,
    artist_name as item_name,
    cast(null as varchar) as creator,
    image_url
from {{ ref('dim_artists') }}
union all
select
    'album' as item_type,
    albums.album_id as item_key,
    albums.album_id as item_id,
    albums.album_name as item_name,
    coalesce(artists.artist_name, albums.artist_names) as creator,
    albums.image_url
from {{ ref('dim_albums') }} as albums
left join {{ ref('dim_artists') }} as artists on albums.primary_artist_id = artists.artist_id
union all
select
    'track' as item_type,
    track_id as item_key,
    track_id as item_id,
    track_name as item_name,
    primary_artist_name as creator,
    image_url
from {{ ref('dim_tracks') }}
union all
select
    'show' as item_type,
    show_key as item_key,
    show_id as item_id,
    show_name as item_name,
    cast(null as varchar) as creator,
    image_url
from {{ ref('dim_shows') }}
union all
select
    'episode' as item_type,
    episode_id as item_key,
    episode_id as item_id,
    episode_name as item_name,
    show_name as creator,
    image_url
from {{ ref('dim_episodes') }}
union all
select
    'audiobook' as item_type,
    audiobook_id as item_key,
    audiobook_id as item_id,
    audiobook_name as item_name,
    authors as creator,
    image_url
from {{ ref('dim_audiobooks') }}
