{#
    The target's schema is the one of the raw tables: `raw` on DuckDB, `<GLUE_PREFIX>_raw` on Athena, where all projects
    of an account and region share one list of databases. The other schemas are named after it: `marts`,
    `<GLUE_PREFIX>_marts`. dbt's own macro would give `raw_marts`.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema.removesuffix('raw') ~ (custom_schema_name or 'raw') }}
{%- endmacro %}
