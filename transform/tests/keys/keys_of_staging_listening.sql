{{ broken_rules([
    'stg_spotify__recently_played',
    'stg_spotify__top_artists',
    'stg_spotify__top_tracks',
]) }}
