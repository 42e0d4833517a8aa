with known as (

    select
        case when package = 'extended' then 1 else 2 end as layer,
        covered_from as known_from,
        covered_until as known_until
    from {{ ref('stg_streaming_history__covered_spans') }}
    union all
    select 3 as layer, polled_from as known_from, polled_until as known_until
    from {{ ref('int_polled_stretches') }}
    union all
    select 4 as layer, gap_from as known_from, gap_until as known_until
    from {{ ref('int_play_gaps') }}

),

layers as (

    select listed.layer from (values (1), (2), (3), (4)) as listed (layer)

),

-- A layer holds the stretches of the layers before it too. So the hours of two layers differ by what only the second
-- one knows.
layered as (

    select
        layers.layer,
        known.known_from,
        known.known_until,
        max(known.known_until) over (
            partition by layers.layer order by known.known_from, known.known_until
            rows between unbounded preceding and 1 preceding
        ) as known_before
    from layers
    inner join known on layers.layer >= known.layer

),

numbered as (

    select
        *,
        count(case when known_before is null or known_before < known_from then 1 end) over (
            partition by layer order by known_from, known_until
            rows between unbounded preceding and current row
        ) as stretch
    from layered

)

select
    layer,
    min(known_from) as known_from,
    max(known_until) as known_until
from numbered
group by layer, stretch
