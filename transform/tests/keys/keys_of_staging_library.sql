{{ broken_rules([
    'stg_spotify__saved_tracks',
    'stg_spotify__saved_tracks_history',
    'stg_spotify__saved_albums',
    'stg_spotify__saved_albums_history',
    'stg_spotify__saved_shows',
    'stg_spotify__saved_shows_history',
    'stg_spotify__saved_episodes',
    'stg_spotify__saved_episodes_history',
    'stg_spotify__saved_audiobooks',
    'stg_spotify__saved_audiobooks_history',
    'stg_spotify__followed_artists',
    'stg_spotify__followed_artists_history',
]) }}
