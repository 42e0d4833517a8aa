with source as (

    select * from {{ source('spotify', 'albums') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'albums']) }}

),

renamed as (

    select
        -- ids
        album_id,
        upc,
        uri as album_uri,

        -- text
        object_form,
        name as album_name,
        album_type,
        release_date,
        release_date_precision,
        label,
        image_url,

        -- numbers
        total_tracks,
        popularity,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
