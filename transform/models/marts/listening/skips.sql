with plays as (

    select
        cast(extract(year from played_on) as bigint) as year,
        {{ recording_key() }} as recording_key,
        {{ artist_key() }} as artist_key,
        {{ is_skip() }} as is_skip
    from {{ ref('fct_plays') }}
    where content_type = 'track' and {{ may_count() }} and {{ has_known_end() }}

),

items as (

    {% for item_type, key in [('artist', 'artist_key'), ('track', 'recording_key')] -%}
    select
        '{{ item_type }}' as item_type,
        {{ key }} as item_key,
        year,
        count(*) as plays_known_end,
        count(case when is_skip then 1 end) as skips
    from plays
    where {{ key }} is not null
    group by {{ key }}, year
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    items.year,
    cast(items.item_type as varchar) as item_type,
    items.item_key,
    named.item_id,
    coalesce(named.item_name, {{ name_in_key('items.item_key') }}) as item_name,
    coalesce(named.creator, {{ creator_in_key('items.item_key') }}) as creator,
    items.plays_known_end,
    items.skips,
    cast(items.skips as double) / items.plays_known_end as skip_share
from items
left join {{ ref('int_items') }} as named on items.item_type = named.item_type and items.item_key = named.item_key
