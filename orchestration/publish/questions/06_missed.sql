-- Did I miss plays?
-- What is known of the days of the newest three months, and from which source. `fct_play_gaps` has each interval in which
-- plays may be missing; an export that covers it closes it.
select status, count(*) as days, min(day) as first_day, max(day) as last_day, sum(plays) as plays
from fct_coverage_days
where day > (select max(day) - 90 from fct_coverage_days)
group by status
order by days desc;
