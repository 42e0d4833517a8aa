with track_artists as (

    select * from {{ ref('stg_spotify__track_artists') }}

),

-- Two artists can have one name, and then the name says nothing.
named_once as (

    select
        lower(artist_name) as name,
        min(artist_id) as artist_id
    from {{ ref('dim_artists') }}
    where artist_name is not null
    group by lower(artist_name)
    having count(*) = 1

),

exported as (

    select
        {{ track_id_of('content_key') }} as track_id,
        {{ last_known('creator') }} as artist_name
    from {{ ref('int_exported_plays') }}
    where creator is not null and {{ track_id_of('content_key') }} is not null
    group by content_key

),

credited as (

    select distinct track_id from track_artists

)

select
    track_id,
    position,
    artist_id,
    artist_name,
    false as is_album_artist
from track_artists
union all
select
    exported.track_id,
    cast(1 as bigint) as position,
    named_once.artist_id,
    exported.artist_name,
    true as is_album_artist
from exported
left join credited on exported.track_id = credited.track_id
left join named_once on lower(exported.artist_name) = named_once.name
where credited.track_id is null
