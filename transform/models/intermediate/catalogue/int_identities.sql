with album_artists as (

    select album_id, artist_name from {{ ref('stg_spotify__album_artists') }}
    where position = 1

),

albums as (

    select
        album_id,
        max(upc) as code,
        max(album_name) as album_name,
        max(total_tracks) as total_tracks
    from {{ ref('stg_spotify__albums') }}
    group by album_id

),

described as (

    select
        albums.album_id,
        albums.code,
        {{ one_text(['albums.album_name', 'albums.total_tracks', 'album_artists.artist_name']) }} as description
    from albums
    left join album_artists on albums.album_id = album_artists.album_id

),

-- Ids with one code are one group, named by its smallest id. Then groups with one description are joined, then groups
-- with one code again, because a description may have connected some of them.
by_code as (

    select
        *,
        min(album_id) over (partition by coalesce(code, album_id)) as group_id
    from described

),

by_description as (

    select
        album_id,
        code,
        min(group_id) over (partition by coalesce(description, album_id)) as group_id
    from by_code

)

select
    'track' as item_type,
    track_id as item_id,
    recording_id as content_id
from {{ ref('int_recordings') }}
union all
select
    'album' as item_type,
    album_id as item_id,
    min(group_id) over (partition by coalesce(code, album_id)) as content_id
from by_description
