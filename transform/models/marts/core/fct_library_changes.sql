with states as (

    select * from {{ ref('int_library_states') }}

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
changes as (

    select
        *,
        row_number() over (
            partition by item_type, item_id order by _dlt_load_id, read_at
        ) as change_number
    from compared
    where
        (is_kept and not coalesce(was_kept, false))
        or (not is_kept and was_kept)
        or (is_kept and was_kept and added_at <> previous_added_at)

)

select
    {{ surrogate_key(['item_type', 'item_id', 'change_number']) }} as change_id,
    item_type,
    item_id,
    change_number,
    case when item_type = 'track' then item_id end as track_id,
    case when item_type = 'album' then item_id end as album_id,
    case when item_type = 'artist' then item_id end as artist_id,
    case when is_kept then 'added' else 'removed' end as change,
    case when is_kept then coalesce(added_at, read_at) else read_at end as changed_at,
    is_kept and added_at is not null as is_time_from_spotify,
    read_at as observed_at
from changes
