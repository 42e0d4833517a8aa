{#
    The rows of a raw table that count. A staging model applies one of the two macros to its source.

    Raw tables are append-only. A row counts when its load completed. It counts once per key and load, because an
    interrupted compaction leaves rows twice. Load ids are epoch seconds as text, so their order is the order of time.
#}

{# Every row that counts, with `is_newest`: true in the rows of the newest load of their parent. `of` is [source, table]. #}
{% macro completed(cte, of) %}
    {%- if execute and of not in model.sources -%}
        {%- do exceptions.raise_compiler_error('`of` names ' ~ of ~ ', source() reads ' ~ model.sources) -%}
    {%- endif -%}
    {%- set raw = raw_key(of[0], of[1]) -%}
    select *
    from (
        select
            raw_rows.*,
            row_number() over (
                partition by {{ raw.key | join(', ') }}, _dlt_load_id order by row_hash
            ) as copy_number,
            _dlt_load_id = max(_dlt_load_id) over (
                partition by {{ raw.parent | join(', ') }}
            ) as is_newest
        from {{ cte }} as raw_rows
        where _dlt_load_id in (select loads.load_id from {{ ref('stg_' ~ of[0] ~ '__loads') }} as loads)
    ) as numbered
    where copy_number = 1
{%- endmacro %}

{# Only the newest rows. #}
{% macro newest_completed(cte, of) -%}
    {{ completed(cte, of) }} and is_newest
{%- endmacro %}

{#
    Key and parent of a raw table, from the `meta` of the generated dbt source. The parent is the part of the key that
    is read as a whole: the artists of a track arrive together. Elsewhere it is the key itself.

    dbt gives unit tests no graph, so a unit test of a staging model states what this macro returns:
    overrides: {macros: {raw_key: {key: [track_uri], parent: [track_uri]}}}
#}
{% macro raw_key(source_name, table) %}
    {%- if not execute -%}
        {%- do return({'key': [], 'parent': []}) -%}
    {%- elif not graph -%}
        {%- do exceptions.raise_compiler_error(
            'a unit test of a staging model needs overrides: {macros: {raw_key: {key: [...], parent: [...]}}}'
        ) -%}
    {%- endif -%}
    {%- do return(graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table].config.meta) -%}
{% endmacro %}
