with source as (

    select * from {{ source('spotify', 'me') }}

),

newest as (

    {{ newest_completed('source', of=['spotify', 'me']) }}

),

renamed as (

    select
        -- ids
        user_id,
        account_id,
        uri as user_uri,

        -- text
        display_name,
        country,
        product,

        -- numbers
        followers_total,

        -- times
        read_at,
        _dlt_load_id
    from newest

)

select * from renamed
