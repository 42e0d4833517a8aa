{{ broken_rules([
    'stg_spotify__me',
    'stg_spotify__resource_runs',
    'stg_spotify__loads',
]) }}
