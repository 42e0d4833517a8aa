{#
    The contract of a model: the columns and types in its yml. dbt checks it with two selects without rows for each
    model. Athena bills each of them, so there the columns of the new table are checked (engines/athena.sql).
#}

{# Replaces dbt's macro of this name. #}
{% macro get_assert_columns_equivalent(sql) -%}
    {{ adapter.dispatch('check_contract_of_query')(sql) }}
{%- endmacro %}

{#
    Replaces dbt's macro of this name. dbt-athena ends each table with a select of one literal, its message. Athena bills
    it, so it is not sent.
#}
{% macro statement(name=none, fetch_result=false, auto_begin=true, language='sql') -%}
    {%- if execute -%}
        {%- set sql = caller() -%}
        {%- if modules.re.match("(?i)\\s*select\\s+'[^']*'\\s*;?\\s*$", sql) -%}
            {%- call noop_statement(name, message='OK', code='OK') -%}{{ sql }}{%- endcall -%}
        {%- else -%}
            {%- call dbt.statement(name, fetch_result, auto_begin, language) -%}{{ sql }}{%- endcall -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
