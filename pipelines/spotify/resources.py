"""What we load from Spotify: one line, one listing, one table of its own."""

from pipelines.spotify.rows import elements as rows
from pipelines.spotify.sync import newest_first, once_a_day, profile, when_changed, whole, window
from pipelines.spotify.sync.reader import Resource

TIME_RANGES = ("short_term", "medium_term", "long_term")
ARTISTS = {"type": "artist"}
BOTH_KINDS = {"additional_types": "track,episode"}

# fmt: off
RESOURCES = (
    #       table               path                            scope                        how it is read               one element as rows
    Resource("me",               "me",                           None,                        profile,                     rows.me),
    Resource("recently_played",  "me/player/recently-played",    "user-read-recently-played", window,                      rows.play),
    Resource("saved_tracks",     "me/tracks",                    "user-library-read",         newest_first,                rows.saved_track),
    Resource("playlists",        "me/playlists",                 "playlist-read-private",     whole(at_most="every run"),  rows.playlist, is_handle=True),
    Resource("playlist_items",   "playlists/{playlist_id}/items", "playlist-read-private",    when_changed,                rows.playlist_item, BOTH_KINDS, keeps_nulls=True),
    Resource("saved_albums",     "me/albums",                    "user-library-read",         whole(at_most="daily"),      rows.saved_album),
    Resource("saved_shows",      "me/shows",                     "user-library-read",         whole(at_most="daily"),      rows.saved_show),
    Resource("saved_episodes",   "me/episodes",                  "user-library-read",         whole(at_most="daily"),      rows.saved_episode),
    Resource("saved_audiobooks", "me/audiobooks",                "user-library-read",         whole(at_most="daily"),      rows.saved_audiobook),
    Resource("followed_artists", "me/following",                 "user-follow-read",          whole(at_most="daily"),      rows.followed_artist, ARTISTS, inside="artists"),
    Resource("top_artists",      "me/top/artists",               "user-top-read",             once_a_day(TIME_RANGES),     rows.top_artist),
    Resource("top_tracks",       "me/top/tracks",                "user-top-read",             once_a_day(TIME_RANGES),     rows.top_track),
)
# fmt: on

# Episodes tell how far they were heard only with the last of these.
SCOPES = (
    "user-library-read",
    "user-top-read",
    "user-read-recently-played",
    "user-follow-read",
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-read-playback-position",
)
