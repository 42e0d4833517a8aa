with saves as (

    select
        item_type,
        item_id,
        added_at,
        min(_dlt_load_id) as first_load_id,
        {{ last_known('is_kept') }} as is_kept
    from {{ ref('int_library_states') }}
    where added_at is not null
    group by item_type, item_id, added_at

),

identified as (

    select
        saves.*,
        coalesce(identities.content_id, saves.item_id) as content_id
    from saves
    left join {{ ref('int_identities') }} as identities
        on saves.item_type = identities.item_type and saves.item_id = identities.item_id

),

-- Two ids that came with one load are two items: the listener saved both, for instance the single and the album.
counted as (

    select
        *,
        count(*) over (partition by item_type, content_id, added_at, first_load_id) as ids_of_load
    from identified

),

separated as (

    select
        *,
        case
            when max(ids_of_load) over (partition by item_type, content_id, added_at) > 1 then item_id
            else content_id
        end as one_item
    from counted

),

aged as (

    select
        *,
        row_number() over (
            partition by item_type, one_item, added_at order by first_load_id desc, item_id asc
        ) as age
    from separated

),

described as (

    select
        item_type,
        one_item,
        added_at,
        max(case when age = 1 then item_id end) as newest_item_id,
        {{ dbt.listagg("case when age > 1 then item_id end", "', '", "order by age") }} as previous_item_ids,
        bool_or(is_kept) as is_kept
    from aged
    group by item_type, one_item, added_at

)

select
    aged.item_type,
    aged.item_id,
    aged.added_at,
    described.newest_item_id,
    nullif(described.previous_item_ids, '') as previous_item_ids,
    described.is_kept
from aged
inner join described
    on
        aged.item_type = described.item_type
        and aged.one_item = described.one_item
        and aged.added_at = described.added_at
