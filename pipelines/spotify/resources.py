"""What the source reads: one line, one resource, one raw table of the same name."""

from pipelines.spotify.resource import Parent, Resource, checked
from pipelines.spotify.rows import elements as rows
from pipelines.spotify.sync import daily_snapshot, newest_first, per_parent, profile, recent_window, whole_list
from pipelines.spotify.tables import TABLES

# The scopes that the login requests. With the last one, episodes have the position where the listener stopped.
SCOPES = (
    "user-library-read",
    "user-top-read",
    "user-read-recently-played",
    "user-follow-read",
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-read-playback-position",
)

TIME_RANGES = ("short_term", "medium_term", "long_term")
ARTISTS = {"type": "artist"}
BOTH_KINDS = {"additional_types": "track,episode"}
OF_PLAYLIST = Parent(
    "playlists",
    path_params={"playlist_id": "id"},
    marker="snapshot_id",
    reads_table="playlist_snapshots",
    count=("items.total", "tracks.total"),
    owner="owner.id",
)
OF_SHOW = Parent("saved_shows", path_params={"show_id": "show.id"}, marker="show.total_episodes", newest_first=True)

# fmt: off
RESOURCES = checked((
    #        table               path                              scope                          strategy                          rows of one element
    Resource("me",               "me",                             None,                          profile,                          rows.me),
    Resource("recently_played",  "me/player/recently-played",      "user-read-recently-played",   recent_window,                    rows.play),
    Resource("saved_tracks",     "me/tracks",                      "user-library-read",           newest_first,                     rows.saved_track),
    Resource("playlists",        "me/playlists",                   "playlist-read-private",       whole_list(at_most="every run"),  rows.playlist),
    Resource("playlist_items",   "playlists/{playlist_id}/items",  "playlist-read-private",       per_parent,                       rows.playlist_item, BOTH_KINDS, keeps_nulls=True, parent=OF_PLAYLIST),
    Resource("saved_albums",     "me/albums",                      "user-library-read",           whole_list(at_most="daily"),      rows.saved_album),
    Resource("saved_shows",      "me/shows",                       "user-library-read",           whole_list(at_most="daily"),      rows.saved_show),
    Resource("show_episodes",    "shows/{show_id}/episodes",       "user-read-playback-position", per_parent,                       rows.show_episode, parent=OF_SHOW),
    Resource("saved_episodes",   "me/episodes",                    "user-library-read",           whole_list(at_most="daily"),      rows.saved_episode),
    Resource("saved_audiobooks", "me/audiobooks",                  "user-library-read",           whole_list(at_most="daily"),      rows.saved_audiobook),
    Resource("followed_artists", "me/following",                   "user-follow-read",            whole_list(at_most="daily"),      rows.followed_artist, ARTISTS, data_selector="artists"),
    Resource("top_artists",      "me/top/artists",                 "user-top-read",               daily_snapshot(TIME_RANGES),      rows.top_artist),
    Resource("top_tracks",       "me/top/tracks",                  "user-top-read",               daily_snapshot(TIME_RANGES),      rows.top_track),
), TABLES, SCOPES)
# fmt: on
