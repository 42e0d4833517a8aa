{%- set lists = {
    'track': ('saved_tracks', 'track_id', 'added_at'),
    'album': ('saved_albums', 'album_id', 'added_at'),
    'show': ('saved_shows', 'show_id', 'added_at'),
    'episode': ('saved_episodes', 'episode_id', 'added_at'),
    'audiobook': ('saved_audiobooks', 'audiobook_id', 'added_at'),
    'artist': ('followed_artists', 'artist_id', 'cast(null as timestamp)'),
} -%}
{% for item_type, (list, id, added_at) in lists.items() %}
select
    '{{ item_type }}' as item_type,
    {{ id }} as item_id,
    not is_removed as is_kept,
    {{ added_at }} as added_at,
    read_at,
    _dlt_load_id
from {{ ref('stg_spotify__' ~ list ~ '_history') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
