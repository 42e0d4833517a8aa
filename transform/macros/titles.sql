{#
    Names for comparing recordings: lower case, letters and digits only. Words such as `live`, `remix` or `acoustic` stay,
    because another version is another recording. A name without any letter or digit is kept in lower case.
#}
{% macro plain_name(name) -%}
    coalesce(
        nullif({{ adapter.dispatch('without')('lower(' ~ name ~ ')', '[^\\p{L}\\p{M}\\p{N}]+') }}, ''), lower({{ name }})
    )
{%- endmacro %}

{# A title also without the mark of a remaster (`- 2011 Remaster`) and guests in brackets (`(feat. X)`). #}
{% macro plain_title(title) -%}
    {%- set guests = '\\s*[(\\[](feat\\.?|ft\\.?|featuring|with)\\s[^)\\]]*[)\\]]' -%}
    {%- set remaster = '\\s*[-–(\\[]\\s*(\\d{4}\\s+)?(digital(ly)?\\s+)?re-?master(ed)?(\\s+version)?(\\s+\\d{4})?\\s*[)\\]]?\\s*$' -%}
    {%- set without_guests = adapter.dispatch('without')('lower(' ~ title ~ ')', guests) -%}
    {{ plain_name(adapter.dispatch('without')(without_guests, remaster)) }}
{%- endmacro %}
