{#
    DuckDB's half of "register the lake": one view per raw table over its Parquet files, as Glue tables are on Athena.

    dbt-duckdb's external_location is refused: unit tests and empty tables fail on it. The views hold the columns
    of the contract, so a table without files, or files older than a column, still have every column, typed.
#}
{% macro register_lake() %}
    {%- if execute and target.type == 'duckdb' -%}
        {%- set sources = graph.sources.values() | selectattr('package_name', 'eq', project_name) | list -%}
        {%- set lake = lake_url() ~ '/' ~ sources[0].source_name -%}
        {%- set found = run_query(
            "select distinct split_part(substr(file, length('" ~ lake ~ "/') + 1), '/', 1) from glob(["
            ~ "'" ~ lake ~ "/*/*/*.parquet', '" ~ lake ~ "/_dlt_loads/*.jsonl*'])"
        ).columns[0].values() -%}
        {%- set views -%}
            create schema if not exists {{ sources[0].schema }};
            {% for table in sources -%}
                create or replace view {{ table.schema }}.{{ table.name }} as
                {{ lake_view(table, lake if table.name in found else none) }};
            {% endfor %}
        {%- endset -%}
        {%- do run_query(views) -%}
    {%- endif -%}
{% endmacro %}

{# `union all by name` after a typed, empty half gives files that lack a column the column. #}
{% macro lake_view(table, lake) %}
    select {% for column in table.columns.values() -%}
        cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}{{ ', ' if not loop.last }}
    {%- endfor %} from (
        select {% for column in table.columns.values() -%}
            cast(null as {{ column.data_type }}) as {{ column.name }}{{ ', ' if not loop.last }}
        {%- endfor %} where false
        {%- if lake and table.name == '_dlt_loads' %}
        union all by name
        select * from read_json('{{ lake }}/_dlt_loads/*.jsonl*', format = 'newline_delimited', columns = {
            {%- for column in table.columns.values() -%}
                '{{ column.name }}': '{{ column.data_type }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        })
        {%- elif lake %}
        union all by name
        select * from read_parquet(
            '{{ lake }}/{{ table.name }}/*/*.parquet', union_by_name = true, hive_partitioning = false
        )
        {%- endif %}
    )
{% endmacro %}

{# Absolute, for a view keeps it: whoever opens the file stands elsewhere. #}
{% macro lake_url() %}
    {%- set url = env_var('LAKE_URL', flags.PROJECT_DIR ~ '/target/lake') | replace('file://', '') -%}
    {{- url.rstrip('/') | replace("'", "''") -}}
{% endmacro %}
