with items as (

    select * from {{ ref('int_items_by_year') }}
    where item_type in ('artist', 'track') and plays_known_end > 0

)

select
    items.year,
    cast(items.item_type as varchar) as item_type,
    {{ names_of_item('items.item_key') }},
    items.plays_known_end,
    items.skips,
    cast(items.skips as double) / items.plays_known_end as skip_share,
    items.item_key,
    named.item_id
from items
left join {{ ref('int_items') }} as named on items.item_type = named.item_type and items.item_key = named.item_key
