{#
    Where the lake is, and its registration. Each engine reads the raw tables in its own way: DuckDB through views over
    the files, Athena through Glue tables. engines/<engine>.sql holds the two forms of `register_lake`.
#}

{% macro register_lake() %}
    {%- if execute -%}
        {%- do adapter.dispatch('register_lake')() -%}
        {%- if flags.WHICH in ('build', 'run', 'test') -%}
            {%- do refuse_rows_without_loads() -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{#
    Fails when a source has rows and no record of a complete load. Without this check every table would be built empty,
    and no test would fail.
#}
{% macro refuse_rows_without_loads() %}
    {%- set tables = graph.sources.values() | selectattr('package_name', 'eq', project_name) | list -%}
    {%- set questions = [] -%}
    {%- for loads in tables | selectattr('name', 'eq', '_dlt_loads') -%}
        {%- do questions.append(
            "select '" ~ loads.source_name ~ "' as source_name from " ~ loads.relation_name
            ~ " where status = 0 having count(*) = 0"
        ) -%}
    {%- endfor -%}
    {%- for source_name in run_query(questions | join(' union all ')).columns[0].values() -%}
        {%- set counts = [] -%}
        {%- for table in tables | selectattr('source_name', 'eq', source_name) | rejectattr('name', 'eq', '_dlt_loads') -%}
            {%- do counts.append("select count(*) as rows_found from " ~ table.relation_name) -%}
        {%- endfor -%}
        {%- set found = run_query(
            'select sum(rows_found) as rows_found from (' ~ counts | join(' union all ') ~ ') as counted'
        ).columns[0].values()[0] | int -%}
        {%- if found -%}
            {%- do exceptions.raise_compiler_error(
                'there is no complete load in ' ~ lake_url() ~ '/' ~ source_name ~ '/_dlt_loads, but the raw tables have '
                ~ found ~ ' rows, so every table would be empty; restore this folder from a backup of the lake'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
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
