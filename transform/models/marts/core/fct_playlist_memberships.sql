with items as (

    select * from {{ ref('int_playlist_items_read') }}

),

playlist_reads as (

    select * from {{ ref('int_playlist_reads') }}

),

playlists as (

    select * from {{ ref('dim_playlists') }}

),

-- One stay is a series of reads without a gap. Within a series the difference of the two numbers is constant.
islands as (

    select
        *,
        read_number - row_number() over (
            partition by playlist_id, entry, added_at, copy_number order by read_number
        ) as island
    from items

),

aged as (

    select
        *,
        first_value(item_uri) over (
            partition by playlist_id, entry, added_at, copy_number, island order by read_number desc
        ) as newest_uri,
        row_number() over (
            partition by playlist_id, entry, added_at, copy_number, island order by read_number desc
        ) as age,
        row_number() over (
            partition by playlist_id, entry, added_at, copy_number, island, item_uri order by read_number desc
        ) as age_of_id
    from islands

),

stays as (

    select
        playlist_id,
        newest_uri as item_uri,
        added_at,
        copy_number,
        max(case when age = 1 then item_id end) as item_id,
        {{
            dbt.listagg("case when age_of_id = 1 and item_uri <> newest_uri then item_id end", "', '", "order by age")
        }} as previous_item_ids,
        min(item_type) as item_type,
        min(nullif(added_by_id, '')) as added_by_id,
        max(case when age = 1 then position + 1 end) as place,
        min(read_number) as first_read_number,
        max(read_number) as last_read_number,
        min(read_at) as first_seen_at
    from aged
    group by playlist_id, entry, newest_uri, added_at, copy_number, island

),

numbered as (

    select
        *,
        row_number() over (
            partition by playlist_id, item_uri
            order by first_read_number, added_at, copy_number
        ) as stay_number
    from stays

)

select
    {{ surrogate_key(['numbered.playlist_id', 'numbered.item_uri', 'numbered.stay_number']) }}
        as membership_id,
    numbered.playlist_id,
    numbered.item_id,
    named.item_name,
    named.creator,
    nullif(numbered.previous_item_ids, '') as previous_item_ids,
    numbered.item_type,
    case when numbered.item_type = 'track' then numbered.item_id end as track_id,
    numbered.stay_number,
    numbered.place,
    numbered.added_by_id,
    coalesce(numbered.added_at, numbered.first_seen_at) as entered_at,
    numbered.added_at is not null as is_entry_from_spotify,
    numbered.first_seen_at,
    playlist_reads.read_at as last_seen_at,
    playlist_reads.next_read_at as left_by_at,
    playlist_reads.next_read_at is null and not playlists.is_removed as is_current
from numbered
inner join playlist_reads
    on
        numbered.playlist_id = playlist_reads.playlist_id
        and numbered.last_read_number = playlist_reads.read_number
inner join playlists on numbered.playlist_id = playlists.playlist_id
left join {{ ref('int_items') }} as named
    on numbered.item_type = named.item_type and numbered.item_id = named.item_key
