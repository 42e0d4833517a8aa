with track_artists as (

    select track_id, artist_name from {{ ref('stg_spotify__track_artists') }}
    where position = 1

),

album_artists as (

    select album_id, artist_name from {{ ref('stg_spotify__album_artists') }}
    where position = 1

),

albums as (

    select
        album_id,
        max(upc) as upc,
        max(album_name) as album_name,
        max(total_tracks) as total_tracks
    from {{ ref('stg_spotify__albums') }}
    group by album_id

),

things as (

    select
        'track' as item_type,
        tracks.track_id as item_id,
        upper(tracks.isrc) as code,
        {{ one_text(['tracks.track_name', 'tracks.duration_ms', 'track_artists.artist_name']) }} as description
    from {{ ref('stg_spotify__tracks') }} as tracks
    left join track_artists on tracks.track_id = track_artists.track_id
    union all
    select
        'album' as item_type,
        albums.album_id as item_id,
        albums.upc as code,
        {{ one_text(['albums.album_name', 'albums.total_tracks', 'album_artists.artist_name']) }} as description
    from albums
    left join album_artists on albums.album_id = album_artists.album_id

),

-- Ids with one code are one group, named by its smallest id. Then groups with one description are joined, then groups
-- with one code again, because a description may have connected some of them.
by_code as (

    select
        *,
        min(item_id) over (partition by item_type, coalesce(code, item_id)) as group_id
    from things

),

by_description as (

    select
        item_type,
        item_id,
        code,
        min(group_id) over (partition by item_type, coalesce(description, item_id)) as group_id
    from by_code

)

select
    item_type,
    item_id,
    min(group_id) over (partition by item_type, coalesce(code, item_id)) as content_id
from by_description
