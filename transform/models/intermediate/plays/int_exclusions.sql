with rules as (

    select
        listed.artist,
        listed.track,
        listed.excluded_from,
        listed.excluded_until
    from (
        values
        (cast(null as varchar), cast(null as varchar), cast(null as timestamp), cast(null as timestamp))
        {%- for rule in exclusions() %},
        (
            {{ rule_value(rule.artist) }},
            {{ rule_value(rule.track) }},
            {{ rule_value(rule['from'], 'timestamp') }},
            {{ rule_value(rule.until, 'timestamp') }}
        )
        {%- endfor %}
    ) as listed (artist, track, excluded_from, excluded_until)

)

-- A rule that says nothing would exclude every play.
select distinct
    {{ surrogate_key(['artist', 'track', epoch_ms('excluded_from'), epoch_ms('excluded_until')]) }} as exclusion_id,
    artist,
    track,
    excluded_from,
    excluded_until
from rules
where
    artist is not null
    or track is not null
    or excluded_from is not null
    or excluded_until is not null
