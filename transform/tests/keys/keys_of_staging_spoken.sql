{{ broken_rules([
    'stg_spotify__shows',
    'stg_spotify__episodes',
    'stg_spotify__show_episodes',
    'stg_spotify__audiobooks',
]) }}
