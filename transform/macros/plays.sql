{# What identifies the content of a play. Titles never contain a line feed, so two pairs of names cannot look alike. #}
{% macro content_key(uri, title, creator) -%}
    coalesce({{ uri }}, coalesce({{ title }}, '') || chr(10) || coalesce({{ creator }}, ''))
{%- endmacro %}

{# The condition of the variable `play_rule`. #}
{% macro play_rule() %}
    {%- set rules = {
        'all': 'true',
        'at_least_30s': 'is_at_least_30s',
        'finished': 'is_finished',
        'listenbrainz': 'is_listenbrainz_play',
    } -%}
    {%- if var('play_rule') not in rules -%}
        {%- do exceptions.raise_compiler_error(
            "the variable play_rule is '" ~ var('play_rule') ~ "'; it can be " ~ rules | join(', ')
        ) -%}
    {%- endif -%}
    {{- rules[var('play_rule')] -}}
{%- endmacro %}

{# The variable `private_sessions_count`; it is a text when it comes from the command line. #}
{% macro counts_private_sessions() %}
    {%- do return(var('private_sessions_count') | string | lower == 'true') -%}
{% endmacro %}
