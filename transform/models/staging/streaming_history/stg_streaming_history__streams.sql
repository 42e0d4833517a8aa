with source as (

    select * from {{ source('streaming_history', 'streams') }}

),

records as (

    {{ completed_records('source', of=['streaming_history', 'streams']) }}

),

renamed as (

    select
        -- ids
        _dlt_id as record_id,
        file_id,
        coalesce(
            nullif(spotify_track_uri, ''), nullif(spotify_episode_uri, ''),
            nullif(audiobook_chapter_uri, ''), nullif(audiobook_uri, '')
        ) as content_uri,
        nullif(spotify_track_uri, '') as track_uri,
        nullif(spotify_episode_uri, '') as episode_uri,
        nullif(audiobook_uri, '') as audiobook_uri,
        nullif(audiobook_chapter_uri, '') as chapter_uri,

        -- text
        content_type,
        coalesce(
            nullif(master_metadata_track_name, ''), nullif(episode_name, ''),
            nullif(audiobook_chapter_title, ''), nullif(audiobook_title, '')
        ) as title,
        coalesce(
            nullif(master_metadata_album_artist_name, ''), nullif(episode_show_name, ''), nullif(audiobook_title, '')
        ) as creator,
        nullif(master_metadata_album_album_name, '') as album_name,
        platform,
        conn_country as country,
        reason_start,
        reason_end,

        -- numbers
        ms_played,
        offline_timestamp,

        -- booleans
        is_video,
        shuffle as is_shuffled,
        skipped as is_skipped,
        offline as is_offline,
        incognito_mode as is_private,

        -- times
        ts,
        started_at,
        read_at,
        _dlt_load_id
    from records

)

select * from renamed
