-- What did I lose?
-- What left the library and the playlists, with its name. Spotify says when something was added, but not when it was
-- removed: it had left by the time of the run that no longer saw it.
select changes.changed_at as gone_by, changes.item_type as kind, coalesce(tracks.track_name, albums.album_name,
    artists.artist_name, episodes.episode_name, shows.show_name, books.audiobook_name) as what, 'library' as gone_from
from fct_library_changes as changes
left join dim_tracks as tracks on changes.track_id = tracks.track_id
left join dim_albums as albums on changes.album_id = albums.album_id
left join dim_artists as artists on changes.artist_id = artists.artist_id
left join dim_episodes as episodes on changes.item_type = 'episode' and changes.item_id = episodes.episode_id
left join dim_shows as shows on changes.item_type = 'show' and changes.item_id = shows.show_id
left join dim_audiobooks as books on changes.item_type = 'audiobook' and changes.item_id = books.audiobook_id
where changes.change_type in ('removed', 'unfollowed')
union all
select stays.left_by_at, stays.item_type, tracks.track_name, playlists.playlist_name
from fct_playlist_memberships as stays
left join dim_tracks as tracks on stays.track_id = tracks.track_id
left join dim_playlists as playlists on stays.playlist_id = playlists.playlist_id
where not stays.is_current
order by gone_by desc, kind, what
limit 8;
