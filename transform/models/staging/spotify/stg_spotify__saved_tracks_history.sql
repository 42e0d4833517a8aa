with source as (

    select * from {{ source('spotify', 'saved_tracks') }}

),

completed as (

    {{ completed('source', of=['spotify', 'saved_tracks']) }}

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
    from completed

)

select * from renamed
