with plays as (

    select
        plays.*,
        coalesce(plays.ms_played, plays.ms_played_estimate) as ms_heard,
        coalesce(identities.content_id, plays.track_id) as recording_id,
        excluded.play_id is not null as is_excluded,
        case when plays.content_type = 'track' then coalesce(tracks.primary_artist_id, named_artists.artist_id) end
            as artist_id,
        case when plays.content_type = 'track' then coalesce(tracks.primary_artist_name, plays.creator) end
            as artist_name,
        tracks.album_id,
        tracks.album_name,
        {{ local_time('plays.started_at') }} as started_at_local,
        plays.record_id is not null as is_in_extended_export,
        streams.audiobook_uri,
        streams.platform,
        streams.country,
        streams.reason_start,
        streams.reason_end,
        streams.is_shuffled,
        streams.is_skipped,
        streams.is_offline,
        streams.is_private,
        streams.is_video
    from {{ ref('int_plays') }} as plays
    left join {{ ref('stg_streaming_history__streams') }} as streams on plays.record_id = streams.record_id
    left join {{ ref('int_identities') }} as identities
        on identities.item_type = 'track' and plays.track_id = identities.item_id
    left join {{ ref('dim_tracks') }} as tracks on plays.track_id = tracks.track_id
    left join {{ ref('int_artists_by_name') }} as named_artists
        on plays.track_id is null and lower(plays.creator) = named_artists.lower_name
    left join {{ ref('int_excluded_plays') }} as excluded on plays.play_id = excluded.play_id

),

defined as (

    select
        *,
        coalesce(ms_heard >= 30000, true) as is_at_least_30s,
        coalesce(reason_end in ('trackdone', 'finished'), false)
        or coalesce(ms_heard >= length_ms, false) as is_finished,
        -- https://listenbrainz.readthedocs.io: half of the track or four minutes, whichever is less.
        coalesce(reason_end in ('trackdone', 'finished'), false)
        or coalesce(ms_heard >= 240000, false)
        or coalesce(ms_heard * 2 >= length_ms, false) as is_listenbrainz_play
    from plays

),

described as (

    select
        play_id,
        content_type,
        track_id,
        episode_uri,
        audiobook_uri,
        title,
        creator,
        artist_id,
        artist_name,
        album_id,
        album_name,
        recording_id,
        started_at,
        sound_ended_at,
        ended_at,
        is_started_at_estimated,
        ms_played,
        ms_played_estimate,
        case
            when is_started_at_estimated or is_reported_late then null
            when ended_at > sound_ended_at then date_diff('millisecond', sound_ended_at, ended_at)
            else 0
        end as paused_ms,
        is_in_web_api,
        is_in_extended_export,
        is_in_one_year_export,
        context_type,
        context_uri,
        nullif(split_part(context_uri, ':playlist:', 2), '') as context_playlist_id,
        platform,
        country,
        reason_start,
        reason_end,
        is_shuffled,
        is_skipped,
        is_offline,
        is_private,
        is_video,
        is_at_least_30s,
        is_finished,
        is_listenbrainz_play,
        is_excluded,
        {{ play_rule() }} and {{ may_count() }} as is_counted,
        previous_track_ids,
        started_at_local,
        cast(started_at_local as date) as played_on,
        {{ first_of_month('started_at_local') }} as played_month
    from defined

)

{{ changed_partitions('described') }}
