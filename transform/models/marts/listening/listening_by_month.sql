with plays as (

    select
        {{ first_of_month('played_on') }} as month_start,
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
        month_start,
        {{ listening_of_a_period() }}
    from plays
    group by month_start

),

discovered as (

    select
        {{ first_of_month('first_played_on') }} as month_start,
        count(case when item_type = 'artist' then 1 end) as new_artists,
        count(case when item_type = 'track' then 1 end) as new_tracks
    from {{ ref('discoveries') }}
    group by {{ first_of_month('first_played_on') }}

)

select
    played.month_start,
    {{ columns_of_a_period() }}
from played
left join discovered on played.month_start = discovered.month_start
