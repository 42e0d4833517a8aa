with source as (

    select * from {{ source('spotify', 'album_artists') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'album_artists'], known_by=['coalesce(artist_id, album_id)']) }}

),

renamed as (

    select
        -- ids
        album_id,
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
