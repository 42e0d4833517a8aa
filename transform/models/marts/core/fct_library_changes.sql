with states as (

    select * from {{ ref('int_library_states') }}

),

saves as (

    select * from {{ ref('int_library_saves') }}

),

compared as (

    select
        *,
        lag(is_kept) over (
            partition by item_type, item_id order by _dlt_load_id, read_at
        ) as was_kept,
        lag(added_at) over (
            partition by item_type, item_id order by _dlt_load_id, read_at
        ) as previous_added_at
    from states

),

-- If `added_at` changed, the item was removed and added again between two reads. The result has the second addition
-- only, because no run saw the removal.
seen as (

    select
        item_type,
        item_id,
        is_kept,
        case when is_kept then added_at else coalesce(added_at, previous_added_at) end as added_at,
        read_at,
        _dlt_load_id
    from compared
    where
        (is_kept and not coalesce(was_kept, false))
        or (not is_kept and was_kept)
        or (is_kept and was_kept and added_at <> previous_added_at)

),

identified as (

    select
        seen.item_type,
        coalesce(saves.newest_item_id, seen.item_id) as item_id,
        saves.previous_item_ids,
        seen.is_kept,
        coalesce(saves.is_kept, false) as is_save_kept,
        seen.added_at,
        seen.read_at,
        seen._dlt_load_id,
        row_number() over (
            partition by seen.item_type, coalesce(saves.newest_item_id, seen.item_id), seen.added_at, seen.is_kept
            order by seen.read_at, seen._dlt_load_id
        ) as number_from_first,
        row_number() over (
            partition by seen.item_type, coalesce(saves.newest_item_id, seen.item_id), seen.added_at, seen.is_kept
            order by seen.read_at desc, seen._dlt_load_id desc
        ) as number_from_last
    from seen
    left join saves
        on
            seen.item_type = saves.item_type
            and seen.item_id = saves.item_id
            and seen.added_at = saves.added_at

),

-- An item with the time of an earlier addition did not leave in between: it has a new id, or a read lacked it. So one
-- time has one addition, and one removal if the item is no longer in the library.
changes as (

    select
        *,
        row_number() over (
            partition by item_type, item_id order by _dlt_load_id, read_at
        ) as change_number
    from identified
    where
        added_at is null
        or (is_kept and number_from_first = 1)
        or (not is_kept and number_from_last = 1 and not is_save_kept)

)

select
    {{ surrogate_key(['changes.item_type', 'changes.item_id', 'changes.change_number']) }} as change_id,
    changes.item_type,
    changes.item_id,
    named.item_name,
    named.creator,
    changes.previous_item_ids,
    changes.change_number,
    case when changes.item_type = 'track' then changes.item_id end as track_id,
    case when changes.item_type = 'album' then changes.item_id end as album_id,
    case when changes.item_type = 'artist' then changes.item_id end as artist_id,
    case when changes.is_kept then 'added' else 'removed' end as change_type,
    case when changes.is_kept then coalesce(changes.added_at, changes.read_at) else changes.read_at end as changed_at,
    changes.is_kept and changes.added_at is not null as is_time_from_spotify,
    changes.read_at as observed_at
from changes
left join {{ ref('int_items') }} as named on changes.item_type = named.item_type and changes.item_id = named.item_key
