with top_tracks as (

    select * from {{ ref('stg_spotify__top_tracks') }}

),

days_read as (

    select
        time_range,
        read_on,
        lag(read_on) over (partition by time_range order by read_on) as previous_read_on
    from top_tracks
    group by time_range, read_on

),

best_places as (

    select time_range, read_on, track_id, min(rank) as place
    from top_tracks
    group by time_range, read_on, track_id

)

select
    top_tracks.time_range,
    top_tracks.read_on,
    top_tracks.rank as place,
    top_tracks.track_id,
    days_read.previous_read_on,
    best_places.place as previous_place
from top_tracks
inner join days_read
    on top_tracks.time_range = days_read.time_range and top_tracks.read_on = days_read.read_on
left join best_places
    on
        days_read.time_range = best_places.time_range
        and days_read.previous_read_on = best_places.read_on
        and top_tracks.track_id = best_places.track_id
