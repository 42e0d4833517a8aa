with source as (

    {{ completed_rows('recently_played', key=['played_at', 'track_uri']) }}

),

renamed as (

    select
        -- ids
        track_uri,
        {{ track_key('track_uri') }} as track_id,
        context_uri,

        -- text
        context_type,

        -- times
        played_at,
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
