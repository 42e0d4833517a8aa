"""The rows of an invented listener: SQL that fills the marts from the temporary tables `days`, `names` and `kinds`."""

SPOKEN = "case when exists (from kinds where item_type = 'artist') then 0.1 else 1 end"
STATEMENTS = (
    """
    insert into play_definitions by name
    select 'at_least_30s' as rule, 'heard for 30 seconds or more' as meaning, true as is_used
    union all select 'finished', 'heard to the end', false
    """,
    """
    insert into dim_dates by name
    select
        day::date as date_day, year(day) as year, month(day) as month_number,
        date_trunc('month', day)::date as month_start, isodow(day) as weekday
    from range(
        (select date_trunc('year', min(played_on)) from days),
        (select date_trunc('year', max(played_on)) + interval 1 year from days), interval 1 day
    ) as dates(day)
    """,
    f"""
    insert into listening_by_day by name
    select
        *, hours * 0.2 as hours_estimated, plays // 2 as tracks, plays // 4 as artists, 1 as new_artists,
        2 as new_tracks, plays // 10 as plays_of_episodes, hours * {SPOKEN} as hours_of_episodes,
        0 as plays_of_audiobooks, 0.0 as hours_of_audiobooks
    from days
    """,
    """
    insert into listening_by_month by name
    select
        date_trunc('month', played_on)::date as month_start, sum(plays) as plays, sum(hours) as hours,
        sum(hours_estimated) as hours_estimated, sum(tracks) as tracks, sum(artists) as artists,
        sum(new_artists) as new_artists, sum(new_tracks) as new_tracks,
        greatest(1, sum(plays_of_episodes)) as plays_of_episodes, sum(hours_of_episodes) as hours_of_episodes,
        0 as plays_of_audiobooks, 0.0 as hours_of_audiobooks
    from listening_by_day
    group by all
    """,
    """
    insert into listening_by_hour_of_week by name
    select
        year, weekday, hour_of_day, greatest(1, (hours * 15)::bigint) as plays,
        hours * exp(-pow(hour_of_day - 19, 2) / 20.0) / 8 as hours
    from (select year(played_on) as year, isodow(played_on) as weekday, sum(hours) as hours from days group by all)
    cross join range(24) as clock(hour_of_day)
    where hour_of_day = 19 or (hour_of_day > 6 and (select count(*) from days) > 1)
    """,
    """
    insert into recaps by name
    with years as (
        select
            year(played_on) as year, sum(plays) as plays, sum(hours) as hours, sum(hours_estimated) as hours_estimated,
            sum(hours_of_episodes) as hours_of_episodes, count(*) as days_listened, count(*) as days_known,
            365 as days_in_year_so_far, count(*) // 12 + 1 as longest_streak_days, 3.4 as longest_session_hours,
            max_by(played_on, hours) as busiest_day, max(hours) as busiest_day_hours, 6 as busiest_weekday,
            19 as busiest_hour
        from listening_by_day group by all
    ),
    music as (
        select max(n) as artists, min_by(name, n) as top_artist, max_by(name, n) as top_track
        from names where exists (from kinds where item_type = 'artist')
    ),
    shows as (select max_by(name, n) as top_show from names where exists (from kinds where item_type = 'show'))
    select
        years.*, coalesce(artists, 0) as artists, artists * 3 as tracks, artists as albums, top_artist, top_track,
        top_artist as top_track_creator, top_show, least(artists, 1 + year % 3) as new_artists,
        case when artists > 0 then 0.25 end as new_artist_share
    from years cross join music cross join shows
    """,
    """
    insert into top_lists by name
    with ranges as (
        select 'all_time' as time_range, sum(plays) as plays from days
        union all
        select unnest(['last_4_weeks', 'last_6_months', 'last_12_months']), (select sum(plays) // 9 from days)
        union all select year(played_on)::varchar, sum(plays) from days group by all
    )
    select
        item_type, time_range, n as place, item_type || n as item_key, name as item_name,
        case when item_type in ('album', 'track') then name end as creator,
        greatest(1, plays // (n + 2))::bigint as plays, plays / (n + 2) / 15.0 as hours, 0.0 as hours_estimated,
        case when time_range like 'last%' and item_type in ('artist', 'track') then n end as spotify_place,
        case when spotify_place is not null then (select max(played_on) from days) end as spotify_read_on
    from names cross join kinds cross join ranges
    """,
    """
    insert into discoveries by name
    select
        item_type, item_type || n || first_year as item_key, name as item_name, first_played_on, first_year,
        case when item_type = 'track' then name end as creator, 90 // n as plays, 6.0 / n as hours
    from names
    cross join (from kinds where item_type in ('artist', 'track'))
    cross join (
        select year(played_on) as first_year, min(played_on) as first_played_on from days group by all
    )
    """,
    """
    insert into streaks by name
    select
        min(played_on)::varchar as streak_id, min(played_on) as started_on, max(played_on) as ended_on,
        count(*) as days, sum(plays) as plays, sum(hours) as hours, max(played_on) = max(newest) as is_latest
    from (
        select
            *, played_on - row_number() over (order by played_on)::integer as island,
            max(played_on) over () as newest
        from days
    )
    group by island
    """,
    """
    insert into sessions by name
    select
        epoch_ms(played_on::timestamp) as session_id, played_on + interval 19 hour as started_at_local,
        started_at_local + to_seconds((hours * 3600)::bigint) as ended_at_local, played_on as started_on,
        plays, hours * (hash(played_on) % 10) / 10.0 as hours, plays // 2 as tracks, plays // 4 as artists
    from days
    """,
    """
    insert into skips by name
    select
        year, item_type, item_type || n as item_key, name as item_name,
        case when item_type = 'track' then name end as creator, 100 as plays_known_end,
        case when n % 2 = 0 then 30 // n else 0 end as skips
    from names
    cross join (from kinds where item_type in ('artist', 'track'))
    cross join (select distinct year(played_on) as year from days)
    """,
    """
    insert into fct_coverage_days by name
    select
        date_day as day,
        case when hash(day) % 17 = 0 then 'gap' when year % 2 = 0 then 'complete' else 'polled' end as status,
        coalesce(plays, 0) as plays
    from dim_dates left join days on date_day = played_on
    where date_day between (select min(played_on) from days) and (select max(played_on) from days)
    """,
    """
    insert into fct_play_gaps by name
    select
        played_on + interval 1 hour as gap_from, played_on + interval 9 hour as gap_until, played_on as first_day,
        8.0 as hours, 8.0 as hours_open
    from days where hash(played_on) % 17 = 0
    """,
    """
    insert into dim_tracks by name
    select 'track' || n as track_id, name as track_name, name as primary_artist_name from names
    """,
    """
    insert into fct_library_changes by name
    select
        'change' || n || played_on as change_id, 'track' as item_type, 'track' || n as item_id,
        case when n % 3 = 0 then 'removed' else 'added' end as change_type, played_on::timestamp as changed_at,
        true as is_time_from_spotify, played_on::timestamp as observed_at
    from names cross join (from days where day(played_on) < 9)
    where exists (from kinds where item_type = 'artist')
    """,
    """
    insert into dim_playlists by name
    select 'playlist' || n as playlist_id, name as playlist_name from names
    """,
    """
    insert into fct_playlist_memberships by name
    select
        'stay' || n || tracks.number as membership_id, 'playlist' || n as playlist_id, 'track' || number as track_id,
        'track' as item_type, (select max(played_on) from days)::timestamp as entered_at,
        case when number % 3 = 0 then (select max(played_on) from days)::timestamp end as left_by_at,
        number % 3 > 0 as is_current
    from names cross join range(1, 8) as tracks(number)
    where exists (from kinds where item_type = 'artist') and number <= n
    """,
)
