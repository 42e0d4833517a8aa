with items as (

    select
        item_type,
        item_key,
        min(first_played_at_local) as first_played_at_local,
        cast(min(first_played_at_local) as date) as first_played_on,
        cast(sum(plays) as bigint) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard
    from {{ ref('int_items_by_year') }}
    where item_type in ('artist', 'track') and plays > 0
    group by item_type, item_key

),

plays as (

    select
        played_on,
        {{ keys_of_items(['artist', 'track']) }}
    from {{ ref('fct_plays') }}
    where is_counted

),

first_days as (
    {% for item_type in ['artist', 'track'] %}
    select
        items.item_type,
        items.item_key,
        count(*) as plays
    from plays
    inner join items on items.item_type = '{{ item_type }}' and plays.{{ item_type }}_key = items.item_key
    where date_diff('day', items.first_played_on, plays.played_on) < 28
    group by items.item_type, items.item_key
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    cast(items.item_type as varchar) as item_type,
    {{ names_of_item('items.item_key') }},
    items.first_played_on,
    items.first_played_at_local,
    cast(extract(year from items.first_played_on) as bigint) as first_year,
    items.plays,
    {{ hours('items.ms_heard') }} as hours,
    first_days.plays as plays_in_first_28_days,
    items.item_key,
    named.item_id,
    named.image_url
from items
inner join first_days on items.item_type = first_days.item_type and items.item_key = first_days.item_key
left join {{ ref('int_items') }} as named on items.item_type = named.item_type and items.item_key = named.item_key
