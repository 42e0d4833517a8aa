with source as (

    select * from {{ source('spotify', 'top_tracks') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'top_tracks'], as_sent='*') }}

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
    from newest

)

select * from renamed
