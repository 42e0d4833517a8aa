{#
    Where the lake is, and its registration. Each engine reads the raw tables in its own way: DuckDB through views over
    the files, Athena through Glue tables. engines/<engine>.sql holds the two forms of `register_lake`.
#}

{% macro register_lake() %}
    {%- if execute -%}
        {%- do adapter.dispatch('register_lake')() -%}
    {%- endif -%}
{% endmacro %}

{# An absolute address, because the views contain it, and other programs open the DuckDB file from other folders. #}
{% macro lake_url() %}
    {%- set url = var('lake_url', '') or env_var('LAKE_URL', '') -%}
    {%- if not url -%}
        {%- do exceptions.raise_compiler_error(
            'no lake is set: run `make elt` and then dbt in transform/, or set LAKE_URL and DUCKDB_BUILD_FILE'
        ) -%}
    {%- endif -%}
    {%- set url = (url | replace('file://', '')).rstrip('/') -%}
    {%- do return(url if url.startswith('/') or '://' in url else flags.PROFILES_DIR.rsplit('/', 1)[0] ~ '/' ~ url) -%}
{% endmacro %}
