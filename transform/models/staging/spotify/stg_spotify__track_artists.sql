with source as (

    {{ completed_rows('track_artists', key=['track_uri', 'position'], parent=['track_uri']) }}

),

renamed as (

    select
        -- ids
        {{ track_key('track_uri') }} as track_id,
        track_uri,
        artist_id,

        -- text
        artist_name,

        -- numbers
        position,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
