-- Which podcasts do I hear?
-- Recently played shows no podcasts, so these plays come from an extended export.
select item_name as show, plays as episodes_played, round(hours, 1) as hours
from top_lists
where item_type = 'show' and time_range = 'all_time'
order by place
limit 5;
