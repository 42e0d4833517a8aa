{#
    The rows of a raw table that count, with `is_newest`; the source step of every staging model.

    Raw is append-only. A row counts when its load completed, and once per key and load: a compaction
    that was cut short leaves rows twice. `is_newest` marks the rows of the newest load of the parent, which is
    the key itself unless a group is seen whole or not at all (the artists of a track). Load ids are epoch seconds
    as text, so their order is the order of time. `history` keeps the older rows as well.
#}
{% macro completed_rows(table, key, parent=none, history=false) %}
    select *
    from (
        select
            raw_rows.*,
            row_number() over (
                partition by {{ key | join(', ') }}, _dlt_load_id order by row_hash
            ) as copy_number,
            _dlt_load_id = max(_dlt_load_id) over (
                partition by {{ (parent or key) | join(', ') }}
            ) as is_newest
        from {{ source('spotify', table) }} as raw_rows
        where _dlt_load_id in (select loads.load_id from {{ ref('stg_spotify__loads') }} as loads)
    ) as numbered
    where copy_number = 1 {%- if not history %} and is_newest {%- endif %}
{% endmacro %}
