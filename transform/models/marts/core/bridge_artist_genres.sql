-- An artist without genres has no row in the raw table of genres. Only the number of genres, 0, shows that the last one
-- left.
select
    artist_genres.artist_id,
    artist_genres.genre
from {{ ref('stg_spotify__artist_genres') }} as artist_genres
left join {{ ref('stg_spotify__artists') }} as artists
    on artist_genres.artist_id = artists.artist_id and artists.object_form = 'full'
where coalesce(artists.genres_total, 1) > 0
