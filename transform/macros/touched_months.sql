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
        {%- do drop_months(this, "select distinct played_month from " ~ this ~ " where " ~ vanished) -%}
    {%- endif -%}
{%- endmacro %}

{# Takes the place of dbt-athena's own, which says what is to be deleted before the insert, by Glue's entries alone. #}
{% macro delete_overlapping_partitions(target_relation, tmp_relation, partitioned_by) %}
    {%- do drop_months(target_relation, "select distinct played_month from " ~ tmp_relation) -%}
{% endmacro %}

{#
    Athena deletes no rows of a Parquet table, so a month's files and its entry in Glue go. The folder is emptied besides:
    an insert that failed half-way left files there without an entry, and the next insert would show their rows too.
#}
{% macro drop_months(table, question) %}
    {%- set months = run_query(question).columns[0].values() -%}
    {%- set partitions = [] -%}
    {%- for month in months -%}
        {%- do partitions.append("played_month='" ~ month ~ "'") -%}
    {%- endfor -%}
    {%- if partitions -%}
        {%- do adapter.clean_up_partitions(table, partitions) -%}
        {%- set location = adapter.get_glue_table_location(table).rstrip('/') -%}
        {%- for month in months -%}
            {%- do adapter.delete_from_s3(location ~ '/played_month=' ~ month) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

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
        {#- Athena keeps the length of a literal: varchar(7) -#}
        {%- set type = (column.dtype | lower | replace('string', 'varchar')).split('(')[0] -%}
        {%- do found.append(column.name ~ ' ' ~ type) -%}
    {%- endfor -%}
    {%- for column in model.columns.values() -%}
        {%- do wanted.append(column.name ~ ' ' ~ column.data_type) -%}
    {%- endfor -%}
    {%- do return(found != wanted) -%}
{% endmacro %}
