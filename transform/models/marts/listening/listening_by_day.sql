with plays as (

    select
        played_on,
        content_type,
        {{ recording_key() }} as recording_key,
        {{ artist_key() }} as artist_key,
        {{ ms_heard() }} as ms_heard,
        {{ ms_estimated() }} as ms_estimated
    from {{ ref('fct_plays') }}
    where is_counted

),

played as (

    select
        played_on,
        {{ listening_of_a_period() }}
    from plays
    group by played_on

),

discovered as (

    select
        first_played_on as played_on,
        count(case when item_type = 'artist' then 1 end) as new_artists,
        count(case when item_type = 'track' then 1 end) as new_tracks
    from {{ ref('discoveries') }}
    group by first_played_on

)

select
    played.played_on,
    {{ columns_of_a_period() }}
from played
left join discovered on played.played_on = discovered.played_on
