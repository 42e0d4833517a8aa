-- Also the years between the first and the last play that have no play.
with years as (

    select
        cast(extract(year from day) as bigint) as year,
        count(case when status in ('complete', 'at least', 'polled') then 1 end) as days_known,
        max(date_diff('day', {{ first_of_year('day') }}, day)) + 1 as days_in_year_so_far
    from {{ ref('fct_coverage_days') }}
    group by cast(extract(year from day) as bigint)

),

played as (

    select
        cast(extract(year from played_on) as bigint) as year,
        cast(sum(plays) as bigint) as plays,
        cast(sum(round(hours * 3600000e0)) as bigint) as ms_heard,
        cast(sum(round(hours_estimated * 3600000e0)) as bigint) as ms_estimated,
        cast(sum(round(hours_of_episodes * 3600000e0)) as bigint) as ms_of_episodes,
        cast(sum(new_artists) as bigint) as new_artists
    from {{ ref('listening_by_day') }}
    group by cast(extract(year from played_on) as bigint)

),

items as (

    select
        items.year,
        count(case when items.item_type = 'track' then 1 end) as tracks,
        count(case when items.item_type = 'album' then 1 end) as albums,
        count(case when items.item_type = 'artist' then 1 end) as artists,
        cast(sum(case when items.item_type = 'artist' then items.plays end) as bigint) as plays_of_artists,
        cast(sum(case when discoveries.first_year = items.year then items.plays end) as bigint) as plays_of_new_artists
    from {{ ref('int_items_by_year') }} as items
    left join {{ ref('discoveries') }} as discoveries
        on
            items.item_type = 'artist'
            and discoveries.item_type = 'artist'
            and items.item_key = discoveries.item_key
    where items.plays > 0
    group by items.year

),

favourites as (

    select
        time_range,
        max(case when item_type = 'artist' then item_name end) as top_artist,
        max(case when item_type = 'track' then item_name end) as top_track,
        max(case when item_type = 'track' then creator end) as top_track_creator,
        max(case when item_type = 'album' then item_name end) as top_album,
        max(case when item_type = 'show' then item_name end) as top_show
    from {{ ref('top_lists') }}
    where place = 1
    group by time_range

)

select
    years.year,
    coalesce(played.plays, 0) as plays,
    {{ hours('played.ms_heard') }} as hours,
    {{ hours('played.ms_estimated') }} as hours_estimated,
    favourites.top_artist,
    favourites.top_track,
    favourites.top_track_creator,
    favourites.top_album,
    favourites.top_show,
    coalesce(items.artists, 0) as artists,
    coalesce(items.tracks, 0) as tracks,
    coalesce(items.albums, 0) as albums,
    coalesce(played.new_artists, 0) as new_artists,
    coalesce(items.plays_of_new_artists, 0) as plays_of_new_artists,
    cast(coalesce(items.plays_of_new_artists, 0) as double) / nullif(items.plays_of_artists, 0) as new_artist_share,
    coalesce(habits.days_listened, 0) as days_listened,
    years.days_known,
    years.days_in_year_so_far,
    coalesce(habits.longest_streak_days, 0) as longest_streak_days,
    coalesce(habits.longest_session_hours, 0e0) as longest_session_hours,
    habits.busiest_day,
    habits.busiest_day_hours,
    habits.busiest_weekday,
    habits.busiest_hour,
    habits.skip_share,
    {{ hours('played.ms_of_episodes') }} as hours_of_episodes
from years
left join played on years.year = played.year
left join items on years.year = items.year
left join {{ ref('int_year_habits') }} as habits on years.year = habits.year
left join favourites on cast(years.year as varchar) = favourites.time_range
