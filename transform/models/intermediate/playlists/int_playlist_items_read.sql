with readings as (

    select * from {{ ref('int_playlist_readings') }}

),

items as (

    select * from {{ ref('stg_spotify__playlist_items') }}
    where item_uri is not null

)

select
    readings.playlist_id,
    readings.reading_number,
    readings.read_at,
    items.item_id,
    items.item_uri,
    items.item_type,
    items.position,
    items.added_at,
    items.added_by_id,
    row_number() over (
        partition by readings.playlist_id, readings.reading_number, items.item_uri, items.added_at
        order by items.position
    ) as copy_number
from readings
inner join items
    on
        readings.playlist_id = items.playlist_id
        and readings.snapshot_id = items.snapshot_id
