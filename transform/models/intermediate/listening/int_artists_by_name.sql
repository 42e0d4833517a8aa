select
    lower(artist_name) as lower_name,
    min(artist_id) as artist_id
from {{ ref('int_artists') }}
where artist_name is not null
group by lower(artist_name)
having count(*) = 1
