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

)

select album_id, max(nullif(album_name, '')) as given_name
from named
where album_id is not null
group by album_id
