-- How many hours did I listen?
-- An export says how long a play was heard. Where only the Web API has a play, its hours are estimated;
-- `hours_estimated` is that part.
select year, plays, round(hours) as hours, round(hours_estimated) as hours_estimated, days_listened, days_known
from recaps
order by year;
