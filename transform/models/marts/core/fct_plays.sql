with plays as (

    select
        *,
        {{ local_time('played_at') }} as played_at_local
    from {{ ref('int_plays_deduplicated') }}

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
        previous_track_ids,
        {{ first_of_month('played_at_local') }} as played_month
    from plays

)

{{ changed_partitions('described') }}
