with source as (

    {{ completed_rows('me', key=['user_id'], history=true) }}

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

        -- booleans
        is_newest,

        -- times
        read_at,
        _dlt_load_id
    from source

)

select * from renamed
