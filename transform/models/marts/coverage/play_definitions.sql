with plays as (

    select * from {{ ref('fct_plays') }}
    where {{ may_count() }}

),

album_artists as (

    select track_id from {{ ref('bridge_track_artists') }} where is_album_artist

),

described as (

    select
        plays.*,
        plays.content_type = 'track' and (plays.track_id is null or album_artists.track_id is not null)
            as has_album_artist
    from plays
    left join album_artists on plays.track_id = album_artists.track_id

),

rules as (

    select listed.rule, listed.meaning
    from (
        values
        ('all', 'every row, also of a second'),
        ('at_least_30s', 'heard for 30 seconds or more'),
        ('finished', 'heard to the end'),
        ('listenbrainz', 'half of the track or four minutes, whichever is less')
    ) as listed (rule, meaning)

)

select
    cast(rules.rule as varchar) as rule,
    cast(rules.meaning as varchar) as meaning,
    rules.rule = '{{ var("play_rule") }}' as is_used,
    count(described.play_id) as plays,
    count(case when described.ms_played is null then described.play_id end) as plays_estimated,
    {{ hours('cast(sum(described.ms_played) as bigint)') }} as hours_played,
    {{ hours('cast(sum(case when described.ms_played is null then described.ms_played_estimate end) as bigint)') }}
        as hours_estimated,
    count(distinct described.recording_id) as recordings,
    count(case when described.has_album_artist then described.play_id end) as plays_of_album_artists
from rules
left join described
    on
        rules.rule = 'all'
        or (rules.rule = 'at_least_30s' and described.is_at_least_30s)
        or (rules.rule = 'finished' and described.is_finished)
        or (rules.rule = 'listenbrainz' and described.is_listenbrainz_play)
group by rules.rule, rules.meaning
