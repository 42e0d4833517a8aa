{%- set recent = ['last_4_weeks', 'last_6_months', 'last_12_months'] -%}
with kinds as (

    select listed.kind
    from (values ('all_time'), ('year'), ('last_4_weeks'), ('last_6_months'), ('last_12_months')) as listed (kind)

),

-- One row per item, year and range that has plays of the year.
parts as (

    select
        years.item_type,
        years.item_key,
        case when kinds.kind = 'year' then cast(years.year as varchar) else kinds.kind end as time_range,
        {% for figure in ['plays', 'ms_heard', 'ms_estimated'] -%}
        case kinds.kind
            {%- for name in recent %}
            when '{{ name }}' then years.{{ figure }}_in_{{ name }}
            {%- endfor %}
            else years.{{ figure }}
        end as {{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_items_by_year') }} as years
    cross join kinds

),

summed as (

    select
        item_type,
        item_key,
        time_range,
        cast(sum(plays) as bigint) as plays,
        coalesce(cast(sum(ms_heard) as bigint), 0) as ms_heard,
        coalesce(cast(sum(ms_estimated) as bigint), 0) as ms_estimated
    from parts
    where plays > 0
    group by item_type, item_key, time_range

),

placed as (

    select
        *,
        row_number() over (
            partition by item_type, time_range order by plays desc, ms_heard desc, item_key asc
        ) as place
    from summed

),

by_spotify as (

    select * from {{ ref('int_spotify_lists') }}

),

compared as (

    select
        cast(coalesce(placed.item_type, by_spotify.item_type) as varchar) as item_type,
        cast(coalesce(placed.time_range, by_spotify.time_range) as varchar) as time_range,
        placed.place,
        coalesce(placed.item_key, by_spotify.item_key) as item_key,
        coalesce(placed.plays, 0) as plays,
        placed.ms_heard,
        placed.ms_estimated,
        by_spotify.place as spotify_place,
        by_spotify.read_on as spotify_read_on
    from placed
    full outer join by_spotify
        on
            placed.item_type = by_spotify.item_type
            and placed.time_range = by_spotify.time_range
            and placed.item_key = by_spotify.item_key
    where placed.place <= 100 or by_spotify.place is not null

)

select
    compared.item_type,
    compared.time_range,
    compared.place,
    compared.item_key,
    named.item_id,
    coalesce(named.item_name, {{ name_in_key('compared.item_key') }}) as item_name,
    coalesce(named.creator, {{ creator_in_key('compared.item_key') }}) as creator,
    named.image_url,
    compared.plays,
    {{ hours('compared.ms_heard') }} as hours,
    {{ hours('compared.ms_estimated') }} as hours_estimated,
    ranges.range_from,
    ranges.range_until,
    compared.spotify_place,
    compared.spotify_read_on
from compared
left join {{ ref('int_time_ranges') }} as ranges on compared.time_range = ranges.time_range
left join {{ ref('int_items') }} as named
    on compared.item_type = named.item_type and compared.item_key = named.item_key
