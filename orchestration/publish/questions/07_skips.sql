-- What do I skip?
-- Tracks that were played ten times or more in a year and skipped most. Only an extended export says how a play ended.
select year, item_name as track, creator as artist, plays_known_end as plays, skips, round(skip_share, 2) as skip_share
from skips
where item_type = 'track' and plays_known_end >= 10
order by skip_share desc, skips desc, item_name
limit 5;
