with source as (

    select * from {{ source('streaming_history', '_dlt_loads') }}

),

renamed as (

    select distinct load_id
    from source
    where status = 0

)

select * from renamed
