with listed as (

    select
        'artist' as item_type,
        time_range,
        read_on,
        place,
        artist_id as item_key
    from {{ ref('fct_top_artists') }}
    union all
    select
        'track' as item_type,
        top_tracks.time_range,
        top_tracks.read_on,
        top_tracks.place,
        coalesce(identities.content_id, top_tracks.track_id) as item_key
    from {{ ref('fct_top_tracks') }} as top_tracks
    left join {{ ref('int_identities') }} as identities
        on identities.item_type = 'track' and top_tracks.track_id = identities.item_id

),

aged as (

    select
        *,
        max(read_on) over (partition by item_type, time_range) as newest_on
    from listed

)

select
    item_type,
    case time_range
        when 'short_term' then 'last_4_weeks' when 'medium_term' then 'last_6_months' else 'last_12_months'
    end as time_range,
    item_key,
    read_on,
    min(place) as place
from aged
where read_on = newest_on
group by item_type, time_range, item_key, read_on
