{# The rules that exclude plays: a list of objects with artist, track, from and until. dbt may have parsed the JSON. #}
{% macro exclusions() %}
    {%- set rules = var('exclusions') or [] -%}
    {%- do return(fromjson(rules) if rules is string else rules) -%}
{% endmacro %}

{# A text of a rule as an SQL literal; null when the rule says nothing. #}
{% macro rule_value(text, type='varchar') -%}
    cast({{ "'" ~ text | replace("'", "''") ~ "'" if text else 'null' }} as {{ type }})
{%- endmacro %}
