"""`make bench`. `python -m tests.bench first_load warm_run` runs only the named benchmarks."""

import argparse
from collections.abc import Callable

from tests.bench.airflow_dags import airflow_dags
from tests.bench.builds import builds, builds_10_million
from tests.bench.crashes import crashes
from tests.bench.days import days
from tests.bench.first_load import first_load
from tests.bench.follow import follow
from tests.bench.history import history
from tests.bench.history_on_athena import history_on_athena
from tests.bench.import_export import import_10_million, import_export
from tests.bench.lambda_functions import lambda_functions
from tests.bench.next_run import next_run
from tests.bench.production import production
from tests.bench.report_pages import report_pages
from tests.bench.table import Rows, show
from tests.bench.warm_run import warm_run
from tests.bench.weeks import weeks

BENCHMARKS: dict[str, tuple[str, Callable[[], Rows]]] = {
    "warm_run": ("make elt on the demo account", warm_run),
    "first_load": ("First load: 10,000 saved tracks, 100 playlists of 100 items, 30 ms a call", first_load),
    "history": ("One history: a million records of an export and a year of polls", history),
    "builds": ("First and daily builds of 10,000, 100,000 and a million records", builds),
    "builds_10m": ("First and daily build of ten million records (takes 5 GB of disk)", builds_10_million),
    "days": ("How far five days reach into a history of sixteen years", days),
    "follow": ("make follow: a month of the demo listener, with a clock that does not wait", follow),
    "history_athena": ("One history on Trino: 100,000 records and a year of polls", history_on_athena),
    "report": ("make report about a million plays", report_pages),
    "production": (
        "A month on S3 and Athena: lakes of a week, a year, ten years (takes an hour, mostly to make the lakes)",
        production,
    ),
    "weeks": ("Two weeks on S3 with thirty kills, compared with weeks without kills (takes half an hour)", weeks),
    "crashes": ("300 runs in a folder and 300 on S3 (takes more than an hour)", crashes),
    "import": ("make import of 100,000 and of a million records", import_export),
    "import_10m": ("make import of ten million records (takes 7 GB of disk)", import_10_million),
    "airflow": ("Both DAGs of Airflow on the demo account", airflow_dags),
    "lambda": ("Both Lambda functions under AWS's emulator (takes minutes)", lambda_functions),
    "next_run": ("The next hourly run on a lake of 168 loads and on a lake of 8,760 loads", next_run),
}


def main() -> None:
    """Run the benchmarks. A missed goal is printed as missed and does not change the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Runs all or the named benchmarks.")
    parser.add_argument("names", nargs="*", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    for name in names:
        title, benchmark = BENCHMARKS[name]
        show(title, benchmark())


if __name__ == "__main__":
    main()
