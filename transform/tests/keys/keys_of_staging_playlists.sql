{{ broken_rules([
    'stg_spotify__playlists',
    'stg_spotify__playlists_history',
    'stg_spotify__playlist_snapshots',
    'stg_spotify__playlist_snapshots_history',
    'stg_spotify__playlist_items',
    'stg_spotify__playlist_items_history',
]) }}
