with years as (

    select * from {{ ref('int_items_by_year') }} where plays > 0

),

summed as (

    select
        item_type,
        item_key,
        time_range,
        plays,
        ms_heard,
        ms_estimated
    from {{ ref('int_items_lately') }}
    union all
    select
        item_type,
        item_key,
        cast(year as varchar) as time_range,
        plays,
        ms_heard,
        ms_estimated
    from years
    union all
    select
        item_type,
        item_key,
        'all_time' as time_range,
        cast(sum(plays) as bigint) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard,
        cast(sum(ms_estimated) as bigint) as ms_estimated
    from years
    group by item_type, item_key

),

-- Few items have as many plays as the hundredth, so few are sorted.
levels as (

    select
        item_type,
        time_range,
        plays,
        count(*) as items
    from summed
    group by item_type, time_range, plays

),

above as (

    select
        item_type,
        time_range,
        plays,
        cast(sum(items) over (partition by item_type, time_range order by plays desc) as bigint) - items as items_above
    from levels

),

placed as (

    select
        summed.*,
        row_number() over (
            partition by summed.item_type, summed.time_range
            order by summed.plays desc, coalesce(summed.ms_heard, 0) desc, summed.item_key asc
        ) as place
    from summed
    inner join above
        on
            summed.item_type = above.item_type
            and summed.time_range = above.time_range
            and summed.plays = above.plays
            and above.items_above < 100

),

first_hundred as (

    select * from placed where place <= 100

),

compared as (

    select
        coalesce(first_hundred.item_type, by_spotify.item_type) as item_type,
        coalesce(first_hundred.time_range, by_spotify.time_range) as time_range,
        coalesce(first_hundred.item_key, by_spotify.item_key) as item_key,
        first_hundred.place,
        coalesce(first_hundred.plays, 0) as plays,
        first_hundred.ms_heard,
        first_hundred.ms_estimated,
        by_spotify.place as spotify_place,
        by_spotify.read_on as spotify_read_on
    from first_hundred
    full outer join {{ ref('int_spotify_lists') }} as by_spotify
        on
            first_hundred.item_type = by_spotify.item_type
            and first_hundred.time_range = by_spotify.time_range
            and first_hundred.item_key = by_spotify.item_key

)

select
    cast(compared.item_type as varchar) as item_type,
    cast(compared.time_range as varchar) as time_range,
    compared.place,
    {{ names_of_item('compared.item_key') }},
    compared.plays,
    {{ hours('compared.ms_heard') }} as hours,
    {{ hours('compared.ms_estimated') }} as hours_estimated,
    compared.spotify_place,
    compared.spotify_read_on,
    ranges.range_from,
    ranges.range_until,
    compared.item_key,
    named.item_id,
    named.image_url
from compared
left join {{ ref('int_time_ranges') }} as ranges on compared.time_range = ranges.time_range
left join {{ ref('int_items') }} as named
    on compared.item_type = named.item_type and compared.item_key = named.item_key
