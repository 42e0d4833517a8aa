{# The macros that differ on DuckDB. The file of each other engine has a macro for the same purpose. #}

{#
    One view per raw table over its Parquet files. dbt-duckdb's external_location is not used, because unit tests and
    tables without files fail with it. The views hold the declared columns: a table without files, or with files that
    are older than a column, still has every column with its type.

    Fails when there is no lake. Without this check every mart would be built empty, and no test would fail.
#}
{% macro duckdb__register_lake() %}
    {%- set lake = glob_of(lake_url()) -%}
    {%- set sources = graph.sources.values() | selectattr('package_name', 'eq', project_name) | list -%}
    {%- set parquet, loads = [], [] -%}
    {%- for name in sources | map(attribute='source_name') | unique -%}
        {%- do parquet.append("'" ~ lake ~ "/" ~ name ~ "/*/*/*.parquet'") -%}
        {%- do loads.append("'" ~ lake ~ "/" ~ name ~ "/_dlt_loads/*.jsonl*'") -%}
    {%- endfor -%}
    {#- Names are counted from the end of a path, because glob() resolves `..` in the part before them. -#}
    {%- set folders = run_query(
        "select distinct split_part(file, '/', -4) || '/' || split_part(file, '/', -3) from glob([" ~ parquet | join(', ')
        ~ "]) union select split_part(file, '/', -3) || '/_dlt_loads' from glob([" ~ loads | join(', ')
        ~ "]) union select 'lake.json' from glob('" ~ lake ~ "/lake.json')"
    ).columns[0].values() -%}
    {%- if 'lake.json' not in folders -%}
        {%- do exceptions.raise_compiler_error(
            'there is no lake at ' ~ lake_url() ~ '; run `make elt` first, or set LAKE_URL to the folder of a lake'
        ) -%}
    {%- endif -%}
    {%- set views -%}
        create schema if not exists {{ sources[0].schema }};
        {% for table in sources -%}
            {%- set folder = table.source_name ~ '/' ~ table.name -%}
            create or replace view {{ table.schema }}.{{ table.identifier }} as
            {{ lake_view(table, lake ~ '/' ~ folder if folder in folders else none) }};
        {% endfor %}
    {%- endset -%}
    {%- do run_query(views) -%}
{% endmacro %}

{# A path as part of a DuckDB pattern in quotes: its own brackets, stars and question marks stand for themselves. #}
{% macro glob_of(path) %}
    {%- do return(
        path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') | replace("'", "''")
    ) -%}
{% endmacro %}

{# A typed select without rows comes first; `union all by name` then adds the columns that a file does not have. #}
{% macro lake_view(table, folder) %}
    select {% for column in table.columns.values() -%}
        cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}{{ ', ' if not loop.last }}
    {%- endfor %} from (
        select {% for column in table.columns.values() -%}
            cast(null as {{ column.data_type }}) as {{ column.name }}{{ ', ' if not loop.last }}
        {%- endfor %} where false
        {%- if folder and table.name == '_dlt_loads' %}
        union all by name
        select * from read_json('{{ folder }}/*.jsonl*', format = 'newline_delimited', columns = {
            {%- for column in table.columns.values() -%}
                '{{ column.name }}': '{{ column.data_type }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        })
        {%- elif folder %}
        union all by name
        select * from read_parquet('{{ folder }}/*/*.parquet', union_by_name = true, hive_partitioning = false)
        {%- endif %}
    )
{% endmacro %}

{#
    Partitions of the table whose rows are others. A hash of the rows in any order is compared: `except all` of both
    directions took four times as long as making the rows.
#}
{% macro duckdb__changed_values(cte, column) -%}
    select found.{{ column }}
        from (
            select {{ column }}, count(*) as rows_found, sum(hash(*columns(*))) as rows_hash from {{ cte }}
            group by {{ column }}
        ) as found
        left join (
            select {{ column }}, count(*) as rows_found, sum(hash(*columns(*))) as rows_hash from {{ this }}
            group by {{ column }}
        ) as known
            on
                found.{{ column }} = known.{{ column }}
                and found.rows_found = known.rows_found
                and found.rows_hash = known.rows_hash
        where known.{{ column }} is null
{%- endmacro %}

{# Delete the partitions of the model's table for which `condition` holds. #}
{% macro duckdb__delete_partitions(condition) -%}
    delete from {{ this }} where {{ condition }}
{%- endmacro %}

{# The type of an existing column, spelled as in the yml files. #}
{% macro duckdb__column_type(column) %}
    {%- do return(column.dtype | lower) -%}
{% endmacro %}

{#
    Replaces dbt-duckdb's macro of this name. DuckDB has partitions in DuckLake only. dbt-duckdb ignores `partitioned_by`
    elsewhere, with a warning, and warnings are errors in this project.
#}
{% macro duckdb__get_partitioned_by(relation, temporary) %}
    {%- do return(none) -%}
{% endmacro %}

{# dbt's own check, before the table is made. #}
{% macro duckdb__check_contract_of_query(sql) %}
    {%- do assert_columns_equivalent(sql) -%}
{% endmacro %}

{# A text without every part that matches a pattern. #}
{% macro duckdb__without(text, pattern) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '', 'g')
{%- endmacro %}
