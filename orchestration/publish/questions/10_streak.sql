-- What is my longest streak?
-- Days in a row with a play that counts.
select started_on, ended_on, days, plays, round(hours) as hours, is_latest
from streaks
order by days desc
limit 3;
