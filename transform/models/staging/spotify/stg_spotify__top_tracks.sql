with source as (

    {{ completed_rows('top_tracks', key=['time_range', 'read_on', 'rank'], parent=['time_range', 'read_on']) }}

),

renamed as (

    select
        -- ids
        track_uri,
        {{ track_key('track_uri') }} as track_id,

        -- text
        time_range,

        -- numbers
        rank,

        -- times
        read_on,
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
