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
            spotify_track_uri, spotify_episode_uri, audiobook_chapter_uri, audiobook_uri
        ) as content_uri,
        audiobook_uri,

        -- text
        content_type,
        coalesce(
            master_metadata_track_name, episode_name, audiobook_chapter_title, audiobook_title
        ) as title,
        coalesce(master_metadata_album_artist_name, episode_show_name, audiobook_title) as creator,
        master_metadata_album_album_name as album_name,
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
        -- Until this day Spotify sent the time at which it heard of a play, and starts in milliseconds.
        ts < timestamp '2022-10-15 00:00:00.000'
        or coalesce(offline_timestamp >= 1000000000000, false) as is_reported_late,

        -- times
        ts,
        started_at,
        read_at,
        _dlt_load_id
    from records

)

select
    *,
    {{ content_key('content_uri', 'title', 'creator') }} as content_key
from renamed
