-- How did I hear one artist over the years?
-- Here it is the artist with the most plays. For another one write `where artist_name = 'Name'`.
select year(played_on) as year, artist_name, count(*) as plays, count(distinct recording_id) as tracks,
    min(played_on) as first_day, max(played_on) as last_day
from fct_plays
where is_counted
    and artist_id = (select item_id from top_lists where item_type = 'artist' and time_range = 'all_time' and place = 1)
group by all
order by year;
