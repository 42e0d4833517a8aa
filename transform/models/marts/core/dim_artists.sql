with seen as (

    select * from {{ ref('int_artists_seen') }}

),

full_artists as (

    select * from {{ ref('stg_spotify__artists') }} where object_form = 'full'

),

simplified_artists as (

    select * from {{ ref('stg_spotify__artists') }} where object_form = 'simplified'

),

-- An artist without genres has no row in the genre table. Only the number of genres, 0, shows that the last one left.
genres as (

    select
        artist_genres.artist_id,
        {{ dbt.listagg('artist_genres.genre', "', '", 'order by artist_genres.genre') }} as genres
    from {{ ref('stg_spotify__artist_genres') }} as artist_genres
    left join full_artists on artist_genres.artist_id = full_artists.artist_id
    where coalesce(full_artists.genres_total, 1) > 0
    group by artist_genres.artist_id

),

followed as (

    select artist_id from {{ ref('stg_spotify__followed_artists') }}

)

select
    seen.artist_id,
    coalesce(
        nullif(full_artists.artist_name, ''),
        nullif(simplified_artists.artist_name, ''),
        seen.credited_name
    ) as artist_name,
    genres.genres,
    full_artists.popularity,
    full_artists.followers_total,
    followed.artist_id is not null as is_followed,
    coalesce(full_artists.artist_uri, simplified_artists.artist_uri) as artist_uri
from seen
left join full_artists on seen.artist_id = full_artists.artist_id
left join simplified_artists on seen.artist_id = simplified_artists.artist_id
left join genres on seen.artist_id = genres.artist_id
left join followed on seen.artist_id = followed.artist_id
