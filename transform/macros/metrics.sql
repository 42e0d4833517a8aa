{#
    What the tables about listening count, defined once. Their sums agree, because each of them uses these macros.

    A play counts when `fct_plays.is_counted` is true. Its time is `ms_played`; where that is not known, its estimate.
    An artist is the artist credited first. An artist, album or track without a Spotify id is known by its names.
#}

{# Milliseconds heard of one play, or their estimate. #}
{% macro ms_heard() -%}
    coalesce(ms_played, ms_played_estimate)
{%- endmacro %}

{# The part of them that is an estimate. #}
{% macro ms_estimated() -%}
    case when ms_played is null then ms_played_estimate end
{%- endmacro %}

{# What makes two plays plays of the same artist, album, track or show. Null for a play of anything else. #}
{% macro artist_key() -%}
    coalesce(artist_id, artist_name)
{%- endmacro %}

{% macro album_key() -%}
    coalesce(album_id, album_name || chr(10) || artist_name)
{%- endmacro %}

{% macro recording_key() -%}
    case when content_type = 'track' then {{ content_key('recording_id', 'title', 'creator') }} end
{%- endmacro %}

{% macro item_types() %}
    {%- do return(['artist', 'album', 'track', 'show']) -%}
{% endmacro %}

{# These keys of a play as columns: artist_key, ... The key of a show needs the model dim_episodes as `episodes`. #}
{% macro keys_of_items(types=item_types()) -%}
    {%- set keys = {
        'artist': artist_key(), 'album': album_key(), 'track': recording_key(),
        'show': "case when content_type = 'episode' then coalesce(episodes.show_key, creator) end",
    } -%}
    {%- for item_type in types %}
        {{ keys[item_type] }} as {{ item_type }}_key{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
    Two columns: the name of an item and of its creator, from the joined `named` (int_items). A key that is no id consists
    of these two names. An id whose name nobody knows has no name.
#}
{% macro names_of_item(key) -%}
    case when named.item_key is null then nullif(split_part({{ key }}, chr(10), 1), '') else named.item_name end
        as item_name,
    case when named.item_key is null then nullif(split_part({{ key }}, chr(10), 2), '') else named.creator end as creator
{%- endmacro %}

{# The figures of a day or a month, from a CTE that names the keys and milliseconds of its plays as below. #}
{% macro listening_of_a_period() -%}
    count(*) as plays,
        cast(sum(ms_heard) as bigint) as ms_heard,
        cast(sum(ms_estimated) as bigint) as ms_estimated,
        count(distinct recording_key) as tracks,
        count(distinct artist_key) as artists
        {%- for content_type in ['track', 'episode', 'audiobook'] %},
        count(case when content_type = '{{ content_type }}' then 1 end) as plays_of_{{ content_type }}s,
        cast(sum(case when content_type = '{{ content_type }}' then ms_heard end) as bigint) as ms_of_{{ content_type }}s
        {%- endfor %}
{%- endmacro %}

{# These figures as columns of a mart: `played` has those above, `discovered` what was new. #}
{% macro columns_of_a_period() -%}
    played.plays,
    {{ hours('played.ms_heard') }} as hours,
    {{ hours('played.ms_estimated') }} as hours_estimated,
    played.tracks,
    played.artists,
    coalesce(discovered.new_artists, 0) as new_artists,
    coalesce(discovered.new_tracks, 0) as new_tracks,
    played.plays_of_tracks,
    played.plays_of_episodes,
    {{ hours('played.ms_of_episodes') }} as hours_of_episodes,
    played.plays_of_audiobooks,
    {{ hours('played.ms_of_audiobooks') }} as hours_of_audiobooks
{%- endmacro %}

{# True for a play that no rule of the listener leaves out, however short it is. #}
{% macro may_count() -%}
    not is_excluded {{ '' if counts_private_sessions() else 'and not coalesce(is_private, false)' }}
{%- endmacro %}

{# Only an export says why a play ended. #}
{% macro has_known_end() -%}
    (reason_end is not null or is_skipped is not null)
{%- endmacro %}

{# A skip: the listener left the track with the button for the next one, or Spotify calls it skipped, before its end. #}
{% macro is_skip() -%}
    not is_finished and (coalesce(reason_end = 'fwdbtn', false) or coalesce(is_skipped, false))
{%- endmacro %}

{# The variable `session_gap_minutes` in milliseconds. #}
{% macro session_gap_ms() -%}
    {{ var('session_gap_minutes') | int * 60000 }}
{%- endmacro %}
