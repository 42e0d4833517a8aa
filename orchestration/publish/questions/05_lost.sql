-- What did I lose?
-- What left the library and the playlists. Spotify says when something was added, but not when it was removed: it had
-- left by the time of the run that no longer saw it.
select changed_at as gone_by, item_type as kind, item_name as what, 'library' as gone_from
from fct_library_changes
where change_type = 'removed'
union all
select stays.left_by_at, stays.item_type, stays.item_name, playlists.playlist_name
from fct_playlist_memberships as stays
inner join dim_playlists as playlists on stays.playlist_id = playlists.playlist_id
where not stays.is_current
order by gone_by desc, kind, what
limit 8;
