{#
    What is known of a thing. Spotify empties content that it withdraws: it keeps the id and sends the name '' and the
    length 0. Elsewhere it leaves a field out, or sends 1970 for a time that it does not know. None of this replaces a
    value that is known. `completed` applies these macros to every column, so a new column needs nothing.
#}

{#
    The value of a column, or null where it says nothing: an empty text, a length of 0, any 0 in a row without a name,
    a time in 1970. The columns in `as_sent` keep an empty text and a 0.
#}
{% macro known_value(name, columns, as_sent=[]) -%}
    {%- set type = columns[name] -%}
    {%- if type == 'timestamp' -%}
        {{ known_time(name) }}
    {%- elif as_sent == '*' or name in as_sent -%}
        {{ name }}
    {%- elif type == 'varchar' -%}
        nullif({{ name }}, '')
    {%- elif type == 'bigint' and name == 'duration_ms' -%}
        nullif({{ name }}, 0)
    {%- elif type == 'bigint' and 'name' in columns -%}
        case when {{ name }} <> 0 or name <> '' then {{ name }} end
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}

{# A time; null for a time in 1970, which stands for an unknown one. #}
{% macro known_time(time) -%}
    case when {{ time }} >= timestamp '1971-01-01 00:00:00.000' then {{ time }} end
{%- endmacro %}

{#
    The value of the newest load that has one: an aggregate. The condition makes the engines equal where a value is null.
    Where a load may have several values, `then` is a text that decides: the value of the row with the greatest one counts.
#}
{% macro last_known(value, then=none) -%}
    max_by(
        {{ value }},
        case when {{ value }} is not null then _dlt_load_id{{ " || coalesce(' ' || " ~ then ~ ", '')" if then }} end
    )
{%- endmacro %}
