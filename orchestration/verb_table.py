"""The table of verbs: what each runs, its help and its options."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """A verb: the function that it runs, its help, which is also the help in the Makefile, and its options.

    The function is imported when the verb runs, so that `--help` does not wait for dlt and dbt. It gets the settings,
    unless `reads_settings` is false, and each option by name. With `passes_arguments` it gets all options that the
    table does not name as `arguments`; with `files` the words of the command line as `files`; with `folder` a word, or
    an empty text, as `folder`.
    """

    function: str
    help: str
    options: tuple[tuple[str, str], ...] = ()
    passes_arguments: bool = False
    files: str = ""
    folder: str = ""
    reads_settings: bool = True
    if_interrupted: str = "nothing is lost: the next run continues from here"


FULL = ("--full", "read every list completely, even if it is not due")
YES = ("--yes", "delete without a question")
ANYWAY = ("--anyway", "import also what looks like the export of another person")
VERBS = {
    "elt": Verb("verbs.elt:elt", "Read the account, build and test the tables, print a summary", (FULL,)),
    "extract": Verb("verbs.elt:extract", "The first half: load what is new into the lake (run it every hour)", (FULL,)),
    "build": Verb(
        "verbs.elt:build",
        "The second half: build and test the tables; options of `dbt build` are passed on",
        passes_arguments=True,
    ),
    "import": Verb(
        "verbs.import_:import_",
        "Import an account data export, any number of times: FILE=my_spotify_data.zip",
        (ANYWAY,),
        files="a zip file, a folder or a JSON file of the export",
        if_interrupted="nothing was imported; the same command begins again",
    ),
    # A wrong setting is one of the problems that it reports, so `scheduled` reads the settings itself.
    "scheduled": Verb(
        "verbs.scheduled:scheduled",
        "Run a verb for cron, systemd or launchd, and tell you when it needs you (ARGS=extract)",
        passes_arguments=True,
        reads_settings=False,
    ),
    "follow": Verb(
        "follow.loop:follow",
        "Poll while you listen, read everything every hour, build what is new, until Ctrl-C",
        (("--hourly", "do not poll between the hours"),),
    ),
    "login": Verb(
        "verbs.login:login",
        "Use your own account: log in in the browser, keep the token on this machine",
        if_interrupted="nothing was changed",
    ),
    "logout": Verb("verbs.login:logout", "Delete the token; the lake and the tables stay"),
    "status": Verb(
        "verbs.status:status",
        "Show account, plays, coverage, gaps, time zone, consent, locks, last runs, and what needs you",
        (("--check", "end with 1 when no run has read the account for three hours, or the last one failed"),),
    ),
    "report": Verb(
        "publish.report.page:report",
        "Write your listening as web pages, one for each year, and open them (ARGS=--no-open only writes)",
        (("--no-open", "write the pages and do not open them"),),
        if_interrupted="nothing is lost; the same command begins again",
    ),
    "sql": Verb(
        "publish.sql:sql",
        'Open a prompt on the tables, read only; ARGS="select ..." prints one answer',
        passes_arguments=True,
        if_interrupted="nothing was changed",
    ),
    "export": Verb(
        "publish.export.verb:export",
        "Write the tables as Parquet, CSV and SQLite, and listens for ListenBrainz and Last.fm (OUT=folder)",
        folder="where to write; the default is the folder export beside the tables",
        if_interrupted="files that were not complete were not written",
    ),
    "ui": Verb(
        "publish.ui:ui",
        "Show the tables in the browser, to filter and query (Datasette, on this machine only)",
        if_interrupted="nothing was changed",
    ),
    "docs": Verb(
        "verbs.docs:docs",
        "Write the documentation of every table as one web page, and open it (ARGS=--no-open only writes)",
        (("--no-open", "write the page and do not open it"),),
    ),
    "site": Verb(
        "publish.site.verb:site",
        "Put report, docs and questions into one folder that can be published (ARGS=--no-open only writes)",
        (("--no-open", "write the pages and do not open them"),),
        if_interrupted="nothing is lost; the same command begins again",
    ),
    "airflow": Verb(
        "verbs.airflow:airflow",
        "Run Airflow with both DAGs, on this machine only, until Ctrl-C",
        (("--astro", "copy the project into orchestration/airflow, for Astronomer's `astro dev start`"),),
        if_interrupted="a task that was running is run again at the next start",
    ),
    "dagster": Verb(
        "verbs.dagster:dagster",
        "Run Dagster with every table as an asset, on this machine only, until Ctrl-C",
        if_interrupted="what was running can be started again",
    ),
    "demo-export": Verb(
        "verbs.demo_export:demo_export",
        "Give the demo account a history: an invented export, which the next make elt imports",
        passes_arguments=True,
        if_interrupted="nothing was written",
    ),
    "forget": Verb("verbs.forget:forget", "Delete all personal data, after a question", (YES,)),
    "restore": Verb("verbs.backup:restore", "Copy the data branch into the lake"),
    "backup": Verb("verbs.backup:backup", "Copy the lake to the data branch (in a workflow of a private repository)"),
    # A wrong setting is one of the problems that an alert reports, so `alert` reads the settings itself.
    "alert": Verb(
        "github.alert:alert",
        "Open or close the issue that lists what needs a person (in a workflow)",
        reads_settings=False,
    ),
    "lambda": Verb(
        "aws_lambda.package:package",
        "Build the zips of the two Lambda functions (ARGS=--arm64 for functions on ARM)",
        (("--arm64", "for functions on ARM; set lambda_architecture in terraform.tfvars too"),),
        if_interrupted="no zip was replaced",
    ),
    "contract": Verb(
        "verbs.contract:generate", "Write the files that are generated from the declared tables", reads_settings=False
    ),
}
