with source as (

    select * from {{ source('spotify', '_dlt_loads') }}

),

renamed as (

    select distinct load_id
    from source
    where status = 0

)

select * from renamed
