with track_artists as (

    select * from {{ ref('stg_spotify__track_artists') }}

)

select
    track_id,
    position,
    artist_id,
    artist_name
from track_artists
