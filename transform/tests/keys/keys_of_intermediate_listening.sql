{{ broken_rules([
    'int_artists_by_name',
    'int_items',
    'int_items_by_year',
    'int_items_lately',
    'int_spotify_lists',
    'int_time_ranges',
    'int_year_habits',
]) }}
