{# All foreign keys of a model in one statement. Null refers to nothing. `to` lists column, model and key. #}
{% test foreign_keys(model, to) %}
    {%- for reference in to %}
    select '{{ reference.column }}' as column_name, child.{{ reference.column }} as missing
    from {{ model }} as child
    where
        child.{{ reference.column }} is not null
        and not exists (
            select 1 from {{ reference.model }} as parent
            where parent.{{ reference.key }} = child.{{ reference.column }}
        )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endtest %}
