with polled as (

    select
        *,
        track_id || ' ' || {{ epoch_ms('played_at') }} as row_id
    from {{ ref('int_play_pairs') }}

),

one_year as (

    select * from {{ ref('int_one_year_plays') }}
    where exported_id is null

),

-- The Web API does not know how long a play lasted, so the title has to be equal.
candidates as (

    select
        polled.row_id,
        one_year.record_id,
        row_number() over (
            order by
                abs(date_diff('millisecond', one_year.end_time, polled.played_at) - 30000) asc,
                one_year.ms_played desc, polled.row_id asc, one_year.record_id asc
        ) as place
    from polled
    inner join one_year
        on
            polled.track_name = one_year.title
            and {{ stretch_of('polled.played_at', 60) }} - {{ stretch_of('one_year.end_time', 60) }} between -1 and 1
    where polled.record_id is null

),

{{ one_to_one('candidates', 'row_id', 'record_id') }},

-- A one-year export merges plays that are alike, so a record may stand for more plays than its own.
shared as (

    select
        row_id,
        min(place) as place
    from candidates
    where row_id not in (select paired.row_id from paired)
    group by row_id

),

named as (

    select
        row_id,
        record_id
    from paired
    union all
    select
        candidates.row_id,
        candidates.record_id
    from candidates
    inner join shared on candidates.place = shared.place

)

select
    polled.record_id,
    polled.row_id,
    'track' as content_type,
    polled.track_id,
    polled.track_id as content_key,
    polled.track_name as title,
    polled.artist_name as creator,
    polled.played_at as ended_at,
    one_year.ms_played,
    true as is_in_web_api,
    one_year.record_id is not null as is_in_one_year_export,
    polled.previous_track_ids,
    polled.context_type,
    polled.context_uri
from polled
left join named on polled.row_id = named.row_id
left join one_year on named.record_id = one_year.record_id
union all
select
    cast(null as varchar) as record_id,
    'one year ' || record_id as row_id,
    content_type,
    cast(null as varchar) as track_id,
    {{ content_key('null', 'title', 'creator') }} as content_key,
    title,
    creator,
    end_time as ended_at,
    ms_played,
    false as is_in_web_api,
    true as is_in_one_year_export,
    cast(null as varchar) as previous_track_ids,
    cast(null as varchar) as context_type,
    cast(null as varchar) as context_uri
from one_year
where record_id not in (select named.record_id from named)
