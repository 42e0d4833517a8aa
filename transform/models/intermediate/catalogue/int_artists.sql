with named as (

    select artist_id, artist_name from {{ ref('stg_spotify__artists') }}
    union all
    select artist_id, artist_name from {{ ref('stg_spotify__track_artists') }}
    union all
    select artist_id, artist_name from {{ ref('stg_spotify__album_artists') }}
    union all
    select artist_id, cast(null as varchar) as artist_name
    from {{ ref('stg_spotify__followed_artists_history') }}
    union all
    select artist_id, cast(null as varchar) as artist_name
    from {{ ref('stg_spotify__top_artists') }}

),

seen as (

    select artist_id, max(nullif(artist_name, '')) as credited_name
    from named
    where artist_id is not null
    group by artist_id

),

full_artists as (

    select * from {{ ref('stg_spotify__artists') }} where object_form = 'full'

),

simplified_artists as (

    select * from {{ ref('stg_spotify__artists') }} where object_form = 'simplified'

)

select
    seen.artist_id,
    coalesce(
        nullif(full_artists.artist_name, ''),
        nullif(simplified_artists.artist_name, ''),
        seen.credited_name
    ) as artist_name,
    full_artists.image_url,
    coalesce(full_artists.artist_uri, simplified_artists.artist_uri) as artist_uri
from seen
left join full_artists on seen.artist_id = full_artists.artist_id
left join simplified_artists on seen.artist_id = simplified_artists.artist_id
