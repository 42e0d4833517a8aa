{#
    The rows of a raw table that count. A staging model applies one of the two macros to its source.

    Raw tables are append-only. A row counts when its load completed. It counts once per key and load, because an
    interrupted compaction leaves rows twice. Load ids are epoch seconds as text, so their order is the order of time.

    A value that is known stays known: where a row has no value, it gets the last one that an earlier or later row of
    the same key has (macros/known.sql). `as_sent` lists the columns whose empty value is an answer; '*' means all.
    `known_by` says whose values fill an empty one when that is not the key: the name in a credit is that of the artist.
#}

{# Every row that counts, with `is_newest`: true in the rows of the newest load of their parent. `of` is [source, table]. #}
{% macro completed(cte, of, as_sent=[], known_by=none) %}
    {%- if execute and of not in model.sources -%}
        {%- do exceptions.raise_compiler_error('`of` names ' ~ of ~ ', source() reads ' ~ model.sources) -%}
    {%- endif -%}
    {%- set raw = raw_key(of[0], of[1]) -%}
    {%- set columns = raw_columns(of[0], of[1]) -%}
    {%- set fixed = raw.key + ['is_removed', 'read_at', 'row_hash', '_dlt_load_id', '_dlt_id'] -%}
    {%- set own = columns | reject('in', fixed) | list -%}
    {#- What is known of a thing in a list ends when the thing leaves the list: it may come back with other values. -#}
    {%- set thing = (known_by or raw.key) + (['stay'] if 'is_removed' in columns else []) -%}
    select
        {% for name in columns -%}
        {%- set value = known_value(name, columns, as_sent) if name in own else name -%}
        {%- if name in own and as_sent != '*' and name not in as_sent -%}
        coalesce({{ value }}, {{ last_known(value) }} over (partition by {{ thing | join(', ') }})) as {{ name }},
        {% else -%}
        {{ value }} as {{ name }},
        {% endif -%}
        {%- endfor -%}
        is_newest
    from (
        select
            raw_rows.*,
            {% if 'is_removed' in columns -%}
            count(case when is_removed then 1 end) over (
                partition by {{ raw.key | join(', ') }} order by _dlt_load_id, row_hash
                rows between unbounded preceding and 1 preceding
            ) as stay,
            {% endif -%}
            row_number() over (
                partition by {{ raw.key | join(', ') }}, _dlt_load_id order by row_hash
            ) as copy_number,
            _dlt_load_id = max(_dlt_load_id) over (
                partition by {{ raw.parent | join(', ') }}
            ) as is_newest
        from {{ cte }} as raw_rows
        where
            _dlt_load_id in (select loads.load_id from {{ ref('stg_' ~ of[0] ~ '__loads') }} as loads)
            {%- if own and raw.parent != raw.key %}
            {#- A row that says nothing, such as a credit without id and name, does not replace the rows of an older load. #}
            and not ({% for name in own %}{{ known_value(name, columns) }} is null{{ ' and ' if not loop.last }}{% endfor %})
            {%- endif %}
    ) as numbered
    where copy_number = 1
{%- endmacro %}

{# Only the newest rows. #}
{% macro newest_completed(cte, of, as_sent=[], known_by=none) -%}
    select *
    from (
        {{ completed(cte, of, as_sent, known_by) }}
    ) as every_row
    where is_newest
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

{# The declared columns of a raw table with their types. Unit tests have no graph, so they take those of the raw table. #}
{% macro raw_columns(source_name, table) %}
    {%- set types = {} -%}
    {%- if execute and graph -%}
        {%- set source = graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table] -%}
        {%- for column in source.columns.values() -%}
            {%- do types.update({column.name: column.data_type}) -%}
        {%- endfor -%}
    {%- elif execute -%}
        {%- set raw_table = api.Relation.create(
            database=target.database, schema=target.schema, identifier=source_name ~ '__' ~ table
        ) -%}
        {%- for column in adapter.get_columns_in_relation(raw_table) -%}
            {%- do types.update({column.name: adapter.dispatch('column_type')(column)}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(types) -%}
{% endmacro %}

{# For a table without row_hash, whose rows never change: the rows of completed loads, of each key the newest. #}
{% macro completed_records(cte, of) -%}
    select
        {% for name in raw_columns(of[0], of[1]) -%}
        {{ name }}{{ ',' if not loop.last }}
        {% endfor -%}
    from (
        select
            raw_rows.*,
            row_number() over (
                partition by {{ raw_key(of[0], of[1]).key | join(', ') }} order by _dlt_load_id desc, _dlt_id
            ) as copy_number
        from {{ cte }} as raw_rows
        where _dlt_load_id in (select loads.load_id from {{ ref('stg_' ~ of[0] ~ '__loads') }} as loads)
    ) as numbered
    where copy_number = 1
{%- endmacro %}
