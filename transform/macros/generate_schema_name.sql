{#
    Schemas are called raw, staging, intermediate and marts; in Glue, where all projects of an account and region share
    one list of databases, GLUE_PREFIX stands in front. dbt would put the target's schema in front.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if target.type == 'athena' and custom_schema_name -%}
        {{ env_var('GLUE_PREFIX', 'spotify') }}_{{ custom_schema_name }}
    {%- else -%}
        {{ custom_schema_name or target.schema }}
    {%- endif -%}
{%- endmacro %}
