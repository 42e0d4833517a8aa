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

)

select artist_id, max(nullif(artist_name, '')) as credited_name
from named
where artist_id is not null
group by artist_id
