{# The macros that differ on Athena. The file of each other engine has a macro for the same purpose. #}

{# Empty: pipelines/aws/glue.py creates the raw tables in Glue before dbt runs, because dbt's SQL cannot name the SerDe. #}
{% macro athena__register_lake() %}
{% endmacro %}

{# Partitions of the table of which a row is new, or gone, or there another number of times. #}
{% macro athena__changed_values(cte, column) -%}
    select changed.{{ column }}
        from (
            (select * from {{ cte }} except all select * from {{ this }})
            union all
            (select * from {{ this }} except all select * from {{ cte }})
        ) as changed
{%- endmacro %}

{# Athena cannot delete rows of a Parquet table, so this deletes the partitions' files and their entries in Glue. #}
{% macro athena__delete_partitions(condition) -%}
    {%- if execute -%}
        {%- set column = partition_column() -%}
        {%- do delete_partition_files(
            this, column, "select distinct " ~ column ~ " from " ~ this ~ " where " ~ condition
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#
    Replaces dbt-athena's macro of this name, which sets the property `classification` with an ALTER TABLE. Athena does not
    need the property. It would be the only Hive DDL of a build, and on a new account Athena's engine for Hive DDL first
    creates the Glue database `default`, which the role may not do.
#}
{% macro set_table_classification(relation) %}
{% endmacro %}

{# A literal gives a column with a length: varchar(7). #}
{% macro athena__column_type(column) %}
    {%- do return((column.dtype | lower | replace('string', 'varchar')).split('(')[0]) -%}
{% endmacro %}

{#
    Replaces dbt-athena's macro of this name, which deletes the partitions that an insert_overwrite will write again.
    dbt-athena's macro deletes only the files of partitions that Glue lists. An insert that failed half-way leaves files
    without an entry in Glue, and after the next insert their rows would be visible too.
#}
{% macro delete_overlapping_partitions(target_relation, tmp_relation, partitioned_by) %}
    {%- if partitioned_by | length != 1 -%}
        {%- do exceptions.raise_compiler_error('a partitioned mart has one partition column, not ' ~ partitioned_by) -%}
    {%- endif -%}
    {%- do delete_partition_files(
        target_relation, partitioned_by[0], "select distinct " ~ partitioned_by[0] ~ " from " ~ tmp_relation
    ) -%}
{% endmacro %}

{# `question` is a select that returns the values of the partition column. #}
{% macro delete_partition_files(table, column, question) %}
    {%- set values = run_query(question).columns[0].values() -%}
    {%- set partitions = [] -%}
    {%- for value in values -%}
        {%- do partitions.append(column ~ "='" ~ value ~ "'") -%}
    {%- endfor -%}
    {%- if partitions -%}
        {%- do adapter.clean_up_partitions(table, partitions) -%}
        {%- set location = adapter.get_glue_table_location(table).rstrip('/') -%}
        {%- for value in values -%}
            {%- do adapter.delete_from_s3(location ~ '/' ~ column ~ '=' ~ value) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{# Empty: the columns of the new table are checked instead. #}
{% macro athena__check_contract_of_query(sql) %}
{% endmacro %}

{#
    Replaces dbt-athena's macro of this name: makes the table, and then compares its columns in Glue with the contract. The
    table is still the temporary one, so a broken contract leaves the table that people query as it was.
#}
{% macro safe_create_table_as(temporary, relation, compiled_code, language='sql', force_batch=false) -%}
    {%- set message = dbt.safe_create_table_as(temporary, relation, compiled_code, language, force_batch) -%}
    {%- if config.get('contract').enforced -%}
        {%- do check_contract_of_table(relation) -%}
    {%- endif -%}
    {%- do return(message) -%}
{%- endmacro %}

{% macro check_contract_of_table(relation) %}
    {%- set found, wanted, found_types, wanted_types = [], [], [], [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- set type = adapter.dispatch('column_type')(column) -%}
        {%- do found.append({'name': column.name, 'data_type': type, 'formatted': column.name ~ ' ' ~ type}) -%}
        {%- do found_types.append(column.name ~ ' ' ~ type) -%}
    {%- endfor -%}
    {%- for column in model.columns.values() -%}
        {%- set type = column.data_type -%}
        {%- do wanted.append({'name': column.name, 'data_type': type, 'formatted': column.name ~ ' ' ~ type}) -%}
        {%- do wanted_types.append(column.name ~ ' ' ~ type) -%}
    {%- endfor -%}
    {%- if found_types | sort != wanted_types | sort -%}
        {%- do drop_relation(relation) -%}
        {%- do exceptions.raise_contract_error(wanted, found) -%}
    {%- endif -%}
{% endmacro %}

{# A text without every part that matches a pattern. #}
{% macro athena__without(text, pattern) -%}
    regexp_replace({{ text }}, '{{ pattern }}')
{%- endmacro %}
