with audiobooks as (

    select * from {{ ref('stg_spotify__audiobooks') }}

),

saved as (

    select audiobook_id, added_at from {{ ref('stg_spotify__saved_audiobooks') }}

),

heard as (

    select
        streams.audiobook_uri,
        max(plays.creator) as audiobook_name,
        min(plays.started_at) as first_played_at
    from {{ ref('stg_streaming_history__streams') }} as streams
    inner join {{ ref('int_plays') }} as plays on streams.record_id = plays.record_id
    where streams.audiobook_uri is not null
    group by streams.audiobook_uri

),

listed as (

    select audiobook_uri from audiobooks
    union
    select 'spotify:show:' || audiobook_id as audiobook_uri from {{ ref('stg_spotify__saved_audiobooks_history') }}
    union
    select audiobook_uri from heard

),

seen as (

    select
        audiobook_uri,
        nullif(split_part(audiobook_uri, ':', 3), '') as audiobook_id
    from listed
    where audiobook_uri is not null

)

select
    seen.audiobook_uri,
    seen.audiobook_id,
    coalesce(audiobooks.audiobook_name, heard.audiobook_name) as audiobook_name,
    audiobooks.authors,
    audiobooks.narrators,
    audiobooks.edition,
    audiobooks.languages,
    audiobooks.total_chapters,
    audiobooks.is_explicit,
    saved.audiobook_id is not null as is_saved,
    saved.added_at as saved_at,
    heard.first_played_at,
    audiobooks.image_url
from seen
left join audiobooks on seen.audiobook_uri = audiobooks.audiobook_uri
left join saved on seen.audiobook_id = saved.audiobook_id
left join heard on seen.audiobook_uri = heard.audiobook_uri
