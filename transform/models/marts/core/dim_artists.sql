with seen as (

    select * from {{ ref('int_artists_seen') }}

),

full_artists as (

    select * from {{ ref('stg_spotify__artists') }} where object_form = 'full'

),

simplified_artists as (

    select * from {{ ref('stg_spotify__artists') }} where object_form = 'simplified'

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
    followed.artist_id is not null as is_followed,
    full_artists.image_url,
    coalesce(full_artists.artist_uri, simplified_artists.artist_uri) as artist_uri
from seen
left join full_artists on seen.artist_id = full_artists.artist_id
left join simplified_artists on seen.artist_id = simplified_artists.artist_id
left join followed on seen.artist_id = followed.artist_id
