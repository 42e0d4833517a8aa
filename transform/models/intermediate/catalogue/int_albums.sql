with named as (

    select album_id, album_name from {{ ref('stg_spotify__albums') }}
    union all
    select album_id, album_name from {{ ref('stg_spotify__tracks') }}
    union all
    select album_id, cast(null as varchar) as album_name
    from {{ ref('stg_spotify__album_artists') }}
    union all
    select album_id, cast(null as varchar) as album_name
    from {{ ref('stg_spotify__saved_albums_history') }}

),

seen as (

    select album_id, max(nullif(album_name, '')) as given_name
    from named
    where album_id is not null
    group by album_id

),

full_albums as (

    select * from {{ ref('stg_spotify__albums') }} where object_form = 'full'

),

simplified_albums as (

    select * from {{ ref('stg_spotify__albums') }} where object_form = 'simplified'

),

credits as (

    select
        album_id,
        max(case when position = 1 then artist_id end) as primary_artist_id,
        {{ dbt.listagg('artist_name', "', '", 'order by position') }} as artist_names
    from {{ ref('stg_spotify__album_artists') }}
    group by album_id

),

joined as (

    select
        seen.album_id,
        coalesce(
            nullif(full_albums.album_name, ''),
            nullif(simplified_albums.album_name, ''),
            seen.given_name
        ) as album_name,
        coalesce(full_albums.album_type, simplified_albums.album_type) as album_type,
        credits.primary_artist_id,
        credits.artist_names,
        coalesce(full_albums.release_date, simplified_albums.release_date) as release_date,
        coalesce(full_albums.total_tracks, simplified_albums.total_tracks) as total_tracks,
        full_albums.upc,
        coalesce(full_albums.image_url, simplified_albums.image_url) as image_url,
        coalesce(full_albums.album_uri, simplified_albums.album_uri) as album_uri
    from seen
    left join full_albums on seen.album_id = full_albums.album_id
    left join simplified_albums on seen.album_id = simplified_albums.album_id
    left join credits on seen.album_id = credits.album_id

)

select
    album_id,
    album_name,
    album_type,
    primary_artist_id,
    artist_names,
    release_date,
    {{ first_day('release_date') }} as released_on,
    {{ year_of_release('release_date') }} as release_year,
    total_tracks,
    upc,
    image_url,
    album_uri
from joined
