{#
    What dbt's incremental tables leave to us, so that an incremental build is a full one to the last row.
#}

{# A month that lost its last row is in no new rows, so neither engine would replace it. Runs after the new rows are in. #}
{% macro drop_vanished_months() -%}
    {%- set vanished -%}
        played_month not in (
            select {{ first_of_month(local_time('played_at')) }} from {{ ref('int_plays__deduplicated') }}
        )
    {%- endset -%}
    {%- if target.type == 'duckdb' -%}
        delete from {{ this }} where {{ vanished }}
    {%- elif execute -%}
        {# Athena deletes no rows of a Parquet table, so the partitions go: their files, then Glue's entries. #}
        {%- set months = run_query("select distinct played_month from " ~ this ~ " where " ~ vanished) -%}
        {%- set partitions = [] -%}
        {%- for month in months.columns[0].values() -%}
            {%- do partitions.append("played_month='" ~ month ~ "'") -%}
        {%- endfor -%}
        {%- if partitions -%}
            {%- do adapter.clean_up_partitions(this, partitions) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# dbt's own macro, with one more reason: a column added to a table in place would be null in every older row. #}
{% macro should_full_refresh() %}
    {%- set asked = config.get('full_refresh') -%}
    {%- do return((flags.FULL_REFRESH if asked is none else asked) or has_other_columns()) -%}
{% endmacro %}

{% macro has_other_columns() %}
    {%- if not execute or model.config.materialized != 'incremental' -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set there = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {%- if there is none or not there.is_table -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set found, wanted = [], [] -%}
    {%- for column in adapter.get_columns_in_relation(there) -%}
        {%- do found.append(column.name ~ ' ' ~ column.dtype | lower | replace('string', 'varchar')) -%}
    {%- endfor -%}
    {%- for column in model.columns.values() -%}
        {%- do wanted.append(column.name ~ ' ' ~ column.data_type) -%}
    {%- endfor -%}
    {%- do return(found != wanted) -%}
{% endmacro %}
