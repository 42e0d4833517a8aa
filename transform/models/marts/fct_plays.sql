with plays as (

    select
        *,
        {{ local_time('played_at') }} as played_at_local
    from {{ ref('int_plays__deduplicated') }}

),

described as (

    select
        {{ surrogate_key(["'web_api'", epoch_ms('played_at'), 'track_id']) }} as play_id,
        track_id,
        played_at,
        {{ dbt.dateadd('millisecond', '-duration_ms', 'played_at') }} as started_at_estimate,
        played_at_local,
        cast(played_at_local as date) as played_on,
        cast(null as bigint) as ms_played,
        'web_api' as source,
        context_type,
        context_uri,
        nullif(split_part(context_uri, ':playlist:', 2), '') as context_playlist_id,
        {{ first_of_month('played_at_local') }} as played_month
    from plays

)

{% if is_incremental() %}

-- A month is written again, whole, when any of its rows is not what the lake says now: a late play, a length that
-- became known, another time zone, a row twice. Months that are no more are dropped by drop_vanished_months.
, touched as (

    (select * from described except all select * from {{ this }})
    union all
    (select * from {{ this }} except all select * from described)

)

select * from described
where played_month in (select touched.played_month from touched)

{% else %}

select * from described

{% endif %}
