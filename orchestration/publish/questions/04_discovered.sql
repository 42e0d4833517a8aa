-- What did I discover?
-- Artists that you played for the first time in the newest year, and most since. In the first known year everything is
-- new, so leave it out.
select item_name as artist, first_played_on, plays, round(hours, 1) as hours, plays_in_first_28_days
from discoveries
where item_type = 'artist' and first_year = (select max(year) from recaps)
order by plays desc, item_name
limit 5;
