{#
    The data tests of keys. A model declares its rules in its yml:

        config:
          meta:
            primary_key: [track_id]
            foreign_keys:
              - {column: album_id, model: dim_albums, key: album_id}

    A test in tests/keys/ checks the rules of several models in one statement, because on Athena each statement costs
    money and seconds. It returns one row for each broken rule: model, rule, and the number of rows that break it.
#}

{# Every broken rule of these models. When a build selects some of the models, only those are checked. #}
{% macro broken_rules(names) %}
    {{- config(fail_calc='coalesce(sum(broken), 0)') -}}
    {#- ref() before `execute`: dbt learns from it that the test comes after the models. -#}
    {%- set tables = {} -%}
    {%- for name in names -%}
        {%- do tables.update({name: ref(name)}) -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- if execute -%}
        {%- set selected = [] -%}
        {%- for id in selected_resources if id.startswith('model.') -%}
            {%- do selected.append(id) -%}
        {%- endfor -%}
        {%- for name in names if not selected or 'model.' ~ project_name ~ '.' ~ name in selected -%}
            {%- set node = graph.nodes['model.' ~ project_name ~ '.' ~ name] -%}
            {%- set title = node.fqn[1] ~ '.' ~ name -%}
            {%- do statements.append(broken_primary_key(title, tables[name], node.config.meta.primary_key)) -%}
            {%- for reference in node.config.meta.foreign_keys or [] -%}
                {%- do statements.append(broken_foreign_key(title, tables[name], reference, tables[reference.model])) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ statements | join('\nunion all\n') }}
{% endmacro %}

{# Unique and not null. #}
{% macro broken_primary_key(title, table, columns) -%}
    select '{{ title }}' as model, 'primary key ({{ columns | join(', ') }})' as rule, count(*) as broken
    from (
        select 1 as row_found from {{ table }}
        group by {{ columns | join(', ') }}
        having count(*) > 1 or {{ columns | join(' is null or ') }} is null
    ) as broken_rows
    having count(*) > 0
{%- endmacro %}

{# Null refers to nothing. #}
{% macro broken_foreign_key(title, table, reference, parents) -%}
    select '{{ title }}' as model, 'foreign key {{ reference.column }}' as rule, count(*) as broken
    from {{ table }} as child
    where
        child.{{ reference.column }} is not null
        and not exists (
            select 1 from {{ parents }} as parent
            where parent.{{ reference.key }} = child.{{ reference.column }}
        )
    having count(*) > 0
{%- endmacro %}
