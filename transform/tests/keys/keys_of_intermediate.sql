{{ broken_rules([
    'int_albums_seen',
    'int_artists_seen',
    'int_identities',
    'int_library_saves',
    'int_library_states',
    'int_playlist_items_read',
    'int_playlist_reads',
    'int_plays_deduplicated',
    'int_tracks_seen',
]) }}
