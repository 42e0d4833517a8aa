"""A copy of the dbt project with a second partitioned mart, whose partition column has another name."""

import shutil
from pathlib import Path

from tests.transform.conftest import PROJECT

SQL = """
with described as (

    select
        track_id,
        played_at,
        cast({{ local_time('played_at') }} as date) as heard_on
    from {{ ref('int_plays_deduplicated') }}

)

{{ changed_partitions('described') }}
"""
YML = """
models:
  - name: fct_play_days
    description: One row per finished play of a track, written by day.
    config:
      materialized: incremental
      partitioned_by: [heard_on]
      unique_key: heard_on
      post_hook: >
        {{ drop_vanished_partitions(ref('int_plays_deduplicated'), 'cast(' ~ local_time('played_at') ~ ' as date)') }}
    columns:
      - {name: track_id, data_type: varchar, description: The track played.}
      - {name: played_at, data_type: timestamp, description: End of the play.}
      - {name: heard_on, data_type: date, description: Day of the end on the listener's clock.}
"""


def copy_with_second_mart(folder: Path) -> Path:
    project = folder / "transform"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs", ".env"))
    (project / "models" / "marts" / "core" / "fct_play_days.sql").write_text(SQL)
    (project / "models" / "marts" / "core" / "fct_play_days.yml").write_text(YML)
    return project
