with top_artists as (

    select * from {{ ref('stg_spotify__top_artists') }}

),

days_read as (

    select
        time_range,
        read_on,
        lag(read_on) over (partition by time_range order by read_on) as previous_read_on
    from top_artists
    group by time_range, read_on

),

best_places as (

    select time_range, read_on, artist_id, min(rank) as place
    from top_artists
    group by time_range, read_on, artist_id

)

select
    top_artists.time_range,
    top_artists.read_on,
    top_artists.rank as place,
    top_artists.artist_id,
    days_read.previous_read_on,
    best_places.place as previous_place
from top_artists
inner join days_read
    on top_artists.time_range = days_read.time_range and top_artists.read_on = days_read.read_on
left join best_places
    on
        days_read.time_range = best_places.time_range
        and days_read.previous_read_on = best_places.read_on
        and top_artists.artist_id = best_places.artist_id
