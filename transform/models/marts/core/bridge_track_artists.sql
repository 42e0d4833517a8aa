with track_artists as (

    select * from {{ ref('stg_spotify__track_artists') }}

),

named_once as (

    select * from {{ ref('int_artists_by_name') }}

),

exported as (

    select track_id, artist_name from {{ ref('int_exported_tracks') }}
    where artist_name is not null

),

credited as (

    select distinct track_id from track_artists

)

select
    track_id,
    position as place,
    artist_id,
    artist_name,
    false as is_album_artist
from track_artists
union all
select
    exported.track_id,
    cast(1 as bigint) as place,
    named_once.artist_id,
    exported.artist_name,
    true as is_album_artist
from exported
left join credited on exported.track_id = credited.track_id
left join named_once on lower(exported.artist_name) = named_once.lower_name
where credited.track_id is null
