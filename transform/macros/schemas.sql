{#
    The target's schema is that of the raw tables: `raw` on DuckDB, `<GLUE_PREFIX>_raw` on Athena, where all projects of
    an account and region share one list of databases. The names of the other schemas have the same prefix: `marts`,
    `<GLUE_PREFIX>_marts`. dbt's own macro would name them `raw_marts`.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema.removesuffix('raw') ~ (custom_schema_name or 'raw') }}
{%- endmacro %}
