with followed as (

    select artist_id from {{ ref('stg_spotify__followed_artists') }}

),

played as (

    select
        artist_id,
        min(started_at) as first_played_at
    from {{ ref('fct_plays') }}
    where artist_id is not null
    group by artist_id

)

select
    artists.artist_id,
    artists.artist_name,
    followed.artist_id is not null as is_followed,
    played.first_played_at,
    artists.image_url,
    artists.artist_uri
from {{ ref('int_artists') }} as artists
left join followed on artists.artist_id = followed.artist_id
left join played on artists.artist_id = played.artist_id
