-- Who are my top artists this year?
-- `top_lists` has the 100 artists, albums, tracks and shows with the most plays, for all time, each year, and the last
-- weeks and months. "This year" is the year of the newest play.
select place, item_name as artist, plays, round(hours, 1) as hours
from top_lists
where item_type = 'artist'
    and time_range = (select cast(max(year) as varchar) from recaps)
    and place <= 5
order by place;
