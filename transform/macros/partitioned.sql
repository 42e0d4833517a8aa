{#
    Marts that are written by partition, for instance by month. Such a mart has in its yml

        config:
          materialized: incremental
          partitioned_by: [played_month]
          unique_key: played_month
          post_hook: "{{ drop_vanished_partitions(ref('...'), '<expression that gives the partition>') }}"

    and its SQL ends with `{{ changed_partitions('described') }}`. The partition column is the last column.
    Athena reads `partitioned_by`, DuckDB `unique_key`. An incremental build gives the same rows as a full build.
#}

{# The partition column of the model that is being built; none when it is not a partitioned mart. #}
{% macro partition_column() %}
    {%- set columns = config.get('partitioned_by') if config.get('materialized') == 'incremental' else none -%}
    {%- do return(columns[0] if columns else none) -%}
{% endmacro %}

{#
    The last select of a partitioned mart: the rows of `cte`, in an incremental build only those of partitions that have
    to be written again. `dbt show` prints all rows.
#}
{% macro changed_partitions(cte) %}
    {%- if is_incremental() and flags.WHICH != 'show' -%}
    -- A partition is written again when any of its rows differs: a late row, a value that became known, another time
    -- zone, a duplicate row. The post-hook deletes the partitions that no longer have rows.
    select * from {{ cte }}
    where {{ partition_column() }} in (
        {{ adapter.dispatch('changed_values')(cte, partition_column()) }}
    )
    {%- else -%}
    select * from {{ cte }}
    {%- endif -%}
{% endmacro %}

{# Partitions without rows never appear in the new rows, so no engine would replace them. Runs after the insert. #}
{% macro drop_vanished_partitions(relation, partition) -%}
    {%- set vanished -%}
        {{ partition_column() }} not in (select {{ partition }} from {{ relation }})
    {%- endset -%}
    {{ adapter.dispatch('delete_partitions')(vanished) }}
{%- endmacro %}

{#
    Replaces dbt's macro, and also rebuilds a partitioned mart whose columns changed: a column that is added in place
    would be null in every older partition. For other models the answer is that of dbt's macro.
#}
{% macro should_full_refresh() %}
    {%- set asked = config.get('full_refresh') -%}
    {%- do return((flags.FULL_REFRESH if asked is none else asked) or has_other_columns()) -%}
{% endmacro %}

{% macro has_other_columns() %}
    {%- if not execute or not partition_column() -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set existing = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {%- if existing is none or not existing.is_table -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set found, wanted = [], [] -%}
    {%- for column in adapter.get_columns_in_relation(existing) -%}
        {%- do found.append(column.name ~ ' ' ~ adapter.dispatch('column_type')(column)) -%}
    {%- endfor -%}
    {%- for column in model.columns.values() -%}
        {%- do wanted.append(column.name ~ ' ' ~ column.data_type) -%}
    {%- endfor -%}
    {%- do return(found != wanted) -%}
{% endmacro %}
