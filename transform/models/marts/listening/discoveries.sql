with plays as (

    select
        played_on,
        started_at_local,
        {{ recording_key() }} as recording_key,
        {{ artist_key() }} as artist_key,
        {{ ms_heard() }} as ms_heard
    from {{ ref('fct_plays') }}
    where is_counted and content_type = 'track'

),

days as (

    {% for item_type, key in [('artist', 'artist_key'), ('track', 'recording_key')] -%}
    select
        '{{ item_type }}' as item_type,
        {{ key }} as item_key,
        played_on,
        count(*) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard,
        min(started_at_local) as first_played_at_local
    from plays
    where {{ key }} is not null
    group by {{ key }}, played_on
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

begun as (

    select
        *,
        min(played_on) over (partition by item_type, item_key) as first_played_on
    from days

),

items as (

    select
        item_type,
        item_key,
        first_played_on,
        min(first_played_at_local) as first_played_at_local,
        cast(sum(plays) as bigint) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard,
        cast(sum(
            case when date_diff('day', first_played_on, played_on) < 28 then plays else 0 end
        ) as bigint) as plays_in_first_28_days
    from begun
    group by item_type, item_key, first_played_on

)

select
    cast(items.item_type as varchar) as item_type,
    items.item_key,
    named.item_id,
    coalesce(named.item_name, {{ name_in_key('items.item_key') }}) as item_name,
    coalesce(named.creator, {{ creator_in_key('items.item_key') }}) as creator,
    named.image_url,
    items.first_played_at_local,
    items.first_played_on,
    cast(extract(year from items.first_played_on) as bigint) as first_year,
    items.plays,
    {{ hours('items.ms_heard') }} as hours,
    items.plays_in_first_28_days
from items
left join {{ ref('int_items') }} as named on items.item_type = named.item_type and items.item_key = named.item_key
