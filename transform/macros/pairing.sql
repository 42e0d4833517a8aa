{#
    CTEs that pair rows one to one, the best candidate first. `candidates` is a CTE with one row per possible pair: `left`
    and `right` name the columns with the keys of the two rows, and the column `place` numbers the candidates from the
    best to the worst, without ties. The last CTE, `paired`, has the pairs.

    In each round a candidate becomes a pair when it is the best open candidate of both its rows. The best open candidate
    of all is always one of these. So each round makes at least one pair in every group of rows that compete for each
    other, and a group that needs no more pairs than there are rounds gets all of them.
#}
{% macro one_to_one(candidates, left, right, rounds=4) -%}
made_0 as (

    select
        {{ left }},
        {{ right }},
        place,
        cast(null as bigint) as left_pair,
        cast(null as bigint) as right_pair
    from {{ candidates }}

),
{% for number in range(1, rounds + 1) %}
best_{{ number }} as (

    select
        *,
        min(case when coalesce(left_pair, right_pair) is null then place end) over (partition by {{ left }}) as left_best,
        min(case when coalesce(left_pair, right_pair) is null then place end) over (partition by {{ right }}) as right_best
    from made_{{ number - 1 }}

),

made_{{ number }} as (

    select
        {{ left }},
        {{ right }},
        place,
        coalesce(left_pair, max(case when place = left_best and place = right_best then place end) over (
            partition by {{ left }}
        )) as left_pair,
        coalesce(right_pair, max(case when place = left_best and place = right_best then place end) over (
            partition by {{ right }}
        )) as right_pair
    from best_{{ number }}

),
{% endfor %}
paired as (

    select
        {{ left }},
        {{ right }}
    from made_{{ rounds }}
    where left_pair = place

)
{%- endmacro %}
