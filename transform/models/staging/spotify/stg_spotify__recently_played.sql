with source as (

    select * from {{ source('spotify', 'recently_played') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'recently_played']) }}

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
    from newest

)

select * from renamed
