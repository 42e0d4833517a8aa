with source as (

    {{ completed_rows('saved_tracks', key=['track_uri'], history=true) }}

),

renamed as (

    select
        -- ids
        track_uri,
        {{ track_key('track_uri') }} as track_id,

        -- booleans
        is_removed,
        is_newest,

        -- times
        added_at,
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
