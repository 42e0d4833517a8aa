{# Days, weeks and months. #}

{# The result is cast: `date_trunc` of a date is a date on Athena and a timestamp on DuckDB. #}
{% macro first_of_month(time) -%}
    cast(date_trunc('month', {{ time }}) as date)
{%- endmacro %}

{% macro first_of_year(time) -%}
    cast(date_trunc('year', {{ time }}) as date)
{%- endmacro %}

{# The day that is so many days later. #}
{% macro days_after(day, days) -%}
    cast({{ dbt.dateadd('day', days, 'cast(' ~ day ~ ' as timestamp)') }} as date)
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

{# Year of such a release date; null for 0000 and anything else. #}
{% macro year_of_release(text) -%}
    nullif(try_cast(substr({{ text }}, 1, 4) as bigint), 0)
{%- endmacro %}

{# 1 for Monday to 7 for Sunday: 1900-01-01 was a Monday. #}
{% macro weekday(day) -%}
    date_diff('day', date '1900-01-01', {{ day }}) % 7 + 1
{%- endmacro %}

{# First day of the week; the variable `week_start` says which day that is. #}
{% macro first_of_week(day) -%}
    {%- if var('week_start') not in ('monday', 'sunday') -%}
        {%- do exceptions.raise_compiler_error(
            "the variable week_start is '" ~ var('week_start') ~ "'; it can be monday, sunday"
        ) -%}
    {%- endif -%}
    {%- if var('week_start') == 'monday' -%}
    {{ days_after(day, '1 - (' ~ weekday(day) ~ ')') }}
    {%- else -%}
    {{ days_after(day, '-((' ~ weekday(day) ~ ') % 7)') }}
    {%- endif -%}
{%- endmacro %}

{# A CTE `numbers` with a column `number` from 0 to 28560: days of 78 years. #}
{% macro day_numbers() -%}
digits as (

    select listed.digit
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) as listed (digit)

),

numbers as (

    select ((a.digit * 13 + b.digit) * 13 + c.digit) * 13 + d.digit as number
    from digits as a
    cross join digits as b
    cross join digits as c
    cross join digits as d

)
{%- endmacro %}
