{{ broken_rules([
    'stg_spotify__tracks',
    'stg_spotify__track_artists',
    'stg_spotify__albums',
    'stg_spotify__album_artists',
    'stg_spotify__artists',
    'stg_spotify__artist_genres',
]) }}
