with named as (

    select track_id, track_uri from {{ ref('stg_spotify__tracks') }}
    union
    select track_id, track_uri from {{ ref('stg_spotify__track_artists') }}
    union
    select track_id, track_uri from {{ ref('stg_spotify__saved_tracks_history') }}
    union
    select track_id, track_uri from {{ ref('stg_spotify__recently_played') }}
    union
    select track_id, track_uri from {{ ref('stg_spotify__top_tracks') }}
    union
    select item_id as track_id, item_uri as track_uri
    from {{ ref('stg_spotify__playlist_items_history') }}
    where item_type = 'track' and item_uri is not null
    union
    select track_id, track_uri from {{ ref('int_exported_tracks') }}

)

select track_id, min(track_uri) as track_uri
from named
group by track_id
