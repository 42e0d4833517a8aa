with first_artists as (

    select track_id, artist_name from {{ ref('stg_spotify__track_artists') }} where position = 1

),

described as (

    select
        coalesce(tracks.track_id, exported.track_id) as track_id,
        upper(tracks.isrc) as code,
        {{ plain_title('coalesce(tracks.track_name, exported.track_name)') }} as title,
        {{ plain_name('coalesce(first_artists.artist_name, exported.artist_name)') }} as artist,
        coalesce(nullif(tracks.duration_ms, 0), exported.usual_ms) as length_ms
    from {{ ref('stg_spotify__tracks') }} as tracks
    left join first_artists on tracks.track_id = first_artists.track_id
    full outer join {{ ref('int_exported_tracks') }} as exported on tracks.track_id = exported.track_id

),

near as (

    select
        *,
        length_ms - lag(length_ms) over (partition by title, artist order by length_ms) as longer_by_ms,
        {{ one_text(['title', 'artist', 'length_ms']) }} as description
    from described

),

-- Ids with one code are one group, named by its smallest id. `neighbours` are tracks of one title and artist whose
-- lengths follow each other within two seconds.
by_code as (

    select
        track_id,
        code,
        coalesce(description, track_id) as description,
        case when description is null then track_id else title || '|' || artist || '|' || cast(
            count(case when longer_by_ms > 2000 then 1 end) over (
                partition by title, artist order by length_ms
                rows between unbounded preceding and current row
            ) as varchar
        ) end as neighbours,
        min(track_id) over (partition by coalesce(code, track_id)) as group_id
    from near

),

-- Groups with one description are joined, then groups with one code again, because a description may have connected
-- some of them.
by_description as (

    select *, min(group_id) over (partition by description) as described_id from by_code

),

by_both as (

    select *, min(described_id) over (partition by coalesce(code, track_id)) as coded_id from by_description

)

-- A track without a code, for instance one that only an export knows, joins a recording whose length is nearly equal.
select
    track_id,
    case when code is not null then coded_id else coalesce(
        min(case when code is not null then coded_id end) over (partition by description),
        min(case when code is not null then coded_id end) over (partition by neighbours),
        min(coded_id) over (partition by neighbours)
    ) end as recording_id
from by_both
