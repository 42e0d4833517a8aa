{#
    Expressions with the same result on DuckDB and Athena. Where the functions of the engines differ, these macros use
    dbt's own macros, which have a version for each engine (dbt.hash, dbt.dateadd, dbt.listagg).
#}

{# Spotify's id of a track, taken from its URI. A tombstone has the URI only. A local file has no id and keeps its URI. #}
{% macro track_key(uri) -%}
    case when {{ uri }} like 'spotify:track:%' then substr({{ uri }}, 15) else {{ uri }} end
{%- endmacro %}

{# True for the URI of a track, local files included. #}
{% macro is_track(uri) -%}
    ({{ uri }} like 'spotify:track:%' or {{ uri }} like 'spotify:local:%')
{%- endmacro %}

{# The id of the track; null for the URI of anything else. #}
{% macro track_id_of(uri) -%}
    case
        when {{ uri }} like 'spotify:track:%' then substr({{ uri }}, 15)
        when {{ uri }} like 'spotify:local:%' then {{ uri }}
    end
{%- endmacro %}

{# Naive UTC on the listener's clock. Any other use of `at time zone` on a naive time differs between the engines. #}
{% macro local_time(utc) -%}
    cast(({{ utc }} at time zone 'UTC') at time zone '{{ var("time_zone") }}' as timestamp)
{%- endmacro %}

{# Milliseconds since 1970 as text, for keys. A timestamp as text differs between the engines. #}
{% macro epoch_ms(utc) -%}
    cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00.000', {{ utc }}) as varchar)
{%- endmacro %}

{# One key made from several values. Null becomes '~', so it does not equal an empty text. #}
{% macro surrogate_key(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append("coalesce(cast(" ~ part ~ " as varchar), '~')") -%}
    {%- endfor -%}
    {{ dbt.hash(texts | join(" || '|' || ")) }}
{%- endmacro %}

{# One text made from several values, without upper case; null when one of the values is null. #}
{% macro one_text(parts) -%}
    lower(
        {%- for part in parts -%}
            cast({{ part }} as varchar){{ " || '|' || " if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{# Milliseconds as hours. #}
{% macro hours(milliseconds) -%}
    coalesce({{ milliseconds }}, 0) / 3600000e0
{%- endmacro %}

{# The later and the earlier of two times, none of which is null: greatest() and least() differ where one is. #}
{% macro later_of(one, other) -%}
    case when {{ one }} > {{ other }} then {{ one }} else {{ other }} end
{%- endmacro %}

{% macro earlier_of(one, other) -%}
    case when {{ one }} < {{ other }} then {{ one }} else {{ other }} end
{%- endmacro %}

{# Milliseconds that two intervals share; negative when they are apart. #}
{% macro shared_ms(from, until, other_from, other_until) -%}
    date_diff('millisecond', {{ later_of(from, other_from) }}, {{ earlier_of(until, other_until) }})
{%- endmacro %}

{# Number of the stretch of so many seconds since 1970 that holds a time: rows of equal numbers join fast. #}
{% macro stretch_of(time, seconds) -%}
    cast(floor(date_diff('millisecond', timestamp '1970-01-01 00:00:00.000', {{ time }}) / {{ seconds * 1000 }}e0) as bigint)
{%- endmacro %}

{# The time without its milliseconds. #}
{% macro to_the_second(time) -%}
    cast(date_trunc('second', {{ time }}) as timestamp)
{%- endmacro %}
