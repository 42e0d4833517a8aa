with source as (

    select * from {{ source('spotify', 'tracks') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'tracks']) }}

),

renamed as (

    select
        -- ids
        track_uri,
        {{ track_key('track_uri') }} as track_id,
        isrc,
        album_id,

        -- text
        name as track_name,
        album_name,

        -- numbers
        duration_ms,
        disc_number,
        track_number,
        popularity,

        -- booleans
        explicit as is_explicit,
        is_local,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
