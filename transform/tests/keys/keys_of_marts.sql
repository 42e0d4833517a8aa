{{ broken_rules([
    'bridge_track_artists',
    'dim_albums',
    'dim_artists',
    'dim_playlists',
    'dim_tracks',
    'fct_library_changes',
    'fct_playlist_memberships',
    'fct_plays',
    'fct_top_artists',
    'fct_top_tracks',
    'top_artists_recent',
]) }}
