{#
    Expressions that mean the same on DuckDB and Athena. Where the two have different functions, dbt's own dispatched
    macros do (dbt.hash, dbt.dateadd, dbt.listagg); none of ours was needed so far.
#}

{# Spotify's id of a track, from its address: a removal's row holds nothing else, nor does a local file, which has no id. #}
{% macro track_key(uri) -%}
    case when {{ uri }} like 'spotify:track:%' then substr({{ uri }}, 15) else {{ uri }} end
{%- endmacro %}

{# Naive UTC to the listener's clock; any other use of `at time zone` on a naive time differs between the engines. #}
{% macro local_time(utc) -%}
    cast(({{ utc }} at time zone 'UTC') at time zone '{{ var("time_zone") }}' as timestamp)
{%- endmacro %}

{# The truncated time is cast, for it is a date on one engine and a time on the other when the time was a date. #}
{% macro first_of_month(time) -%}
    cast(date_trunc('month', {{ time }}) as date)
{%- endmacro %}

{# Milliseconds since 1970 as text: the text of a timestamp differs between the engines, so no key may hold one. #}
{% macro epoch_ms(utc) -%}
    cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00.000', {{ utc }}) as varchar)
{%- endmacro %}

{# One key of several texts; null has a mark of its own, so that it never equals an empty text. #}
{% macro surrogate_key(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append("coalesce(cast(" ~ part ~ " as varchar), '~')") -%}
    {%- endfor -%}
    {{ dbt.hash(texts | join(" || '|' || ")) }}
{%- endmacro %}

{# First day of a release date given as YYYY, YYYY-MM or YYYY-MM-DD; null for 0000 and anything else. #}
{% macro first_day(text) -%}
    try_cast(
        case
            when {{ text }} like '0000%' then null
            when length({{ text }}) = 4 then {{ text }} || '-01-01'
            when length({{ text }}) = 7 then {{ text }} || '-01'
            else {{ text }}
        end as date
    )
{%- endmacro %}
