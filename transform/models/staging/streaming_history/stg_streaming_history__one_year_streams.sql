with source as (

    select * from {{ source('streaming_history', 'one_year_streams') }}

),

records as (

    {{ completed_records('source', of=['streaming_history', 'one_year_streams']) }}

),

renamed as (

    select
        -- ids
        _dlt_id as record_id,
        file_id,

        -- text
        content_type,
        coalesce(
            nullif(track_name, ''), nullif(episode_name, ''), nullif(chapter_name, ''), nullif(audiobook_name, '')
        ) as title,
        coalesce(
            nullif(artist_name, ''), nullif(podcast_name, ''), nullif(audiobook_name, ''), nullif(author_name, '')
        ) as creator,

        -- numbers
        ms_played,

        -- times
        end_time,
        read_at,
        _dlt_load_id
    from records

)

select * from renamed
