{{
    config(
        severity='warn',
        fail_calc='coalesce(sum(broken), 0)',
        meta={'why': 'The list of playlists is counted by Spotify and can be behind the items, so this is no error.'},
    )
}}
-- The list of playlists and the read of the items count the same snapshot. A read that is not complete is not compared.
select
    'marts.dim_playlists' as model,
    'items_total is items_count' as rule,
    count(*) as broken
from {{ ref('dim_playlists') }}
where
    read_outcome = 'read'
    and snapshot_id = last_read_snapshot_id
    and items_total <> items_count
    and not is_removed
having count(*) > 0
