-- When do I listen?
-- Hours of your clock (`TIME_ZONE`), all years together. For one year add `where year = 2026`.
select
    case when weekday < 6 then 'Monday to Friday' else 'Saturday and Sunday' end as days,
    round(sum(hours) filter (where hour_of_day between 0 and 5)) as night,
    round(sum(hours) filter (where hour_of_day between 6 and 11)) as morning,
    round(sum(hours) filter (where hour_of_day between 12 and 17)) as afternoon,
    round(sum(hours) filter (where hour_of_day between 18 and 23)) as evening
from listening_by_hour_of_week
group by days
order by days;
