with top_artists as (

    select * from {{ ref('stg_spotify__top_artists') }}

),

reads as (

    select
        time_range,
        read_on,
        lag(read_on) over (partition by time_range order by read_on) as previous_read_on
    from top_artists
    group by time_range, read_on

),

best_ranks as (

    select time_range, read_on, artist_id, min(rank) as rank
    from top_artists
    group by time_range, read_on, artist_id

)

select
    top_artists.time_range,
    top_artists.read_on,
    top_artists.rank,
    top_artists.artist_id,
    reads.previous_read_on,
    best_ranks.rank as previous_rank
from top_artists
inner join reads
    on top_artists.time_range = reads.time_range and top_artists.read_on = reads.read_on
left join best_ranks
    on
        reads.time_range = best_ranks.time_range
        and reads.previous_read_on = best_ranks.read_on
        and top_artists.artist_id = best_ranks.artist_id
