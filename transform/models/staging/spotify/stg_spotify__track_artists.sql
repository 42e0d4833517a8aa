with source as (

    select * from {{ source('spotify', 'track_artists') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'track_artists'], known_by=['coalesce(artist_id, track_uri)']) }}

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
    from newest

)

select * from renamed
