"""The exit code for each way a verb can end. The README documents them."""

from enum import IntEnum

from pipelines.aws.errors import Refused, WrongPlace
from pipelines.aws.glue import WrongCatalog
from pipelines.lake.lock import Busy
from pipelines.lake.manifest import WrongLake
from pipelines.settings import BadSetting
from pipelines.spotify.errors import AppRefused, ConsentNeeded, NothingRead, RunEnded
from pipelines.streaming_history.errors import BadExport


class UserError(Exception):
    """An error outside of this program, for instance in git or at GitHub; the message is complete for the user."""


class Exit(IntEnum):
    OK = 0
    BROKEN = 1
    USAGE = 2
    RESOURCES_STOPPED = 3
    CONSENT_NEEDED = 4
    CONFIGURATION = 5
    TESTS_FAILED = 6
    BUSY = 7
    AWS_REFUSED = 8
    INTERRUPTED = 130


def exit_of(error: BaseException) -> Exit:
    """The exit code of an error: BROKEN unless the error is of a kind with a code of its own."""
    from orchestration.warehouses.dbt import WarehouseBusy, WarehouseUnusable, WrongArguments

    # The order matters: a subclass stands before its base class.
    kinds: tuple[tuple[type[BaseException], Exit], ...] = (
        (ConsentNeeded, Exit.CONSENT_NEEDED),
        (AppRefused, Exit.CONFIGURATION),
        (NothingRead, Exit.RESOURCES_STOPPED),
        (BadSetting, Exit.CONFIGURATION),
        (WrongLake, Exit.CONFIGURATION),
        (BadExport, Exit.CONFIGURATION),
        (Busy, Exit.BUSY),
        (WarehouseBusy, Exit.BUSY),
        (WarehouseUnusable, Exit.CONFIGURATION),
        (WrongArguments, Exit.USAGE),
        (WrongCatalog, Exit.CONFIGURATION),
        (WrongPlace, Exit.CONFIGURATION),
        (Refused, Exit.AWS_REFUSED),
        (KeyboardInterrupt, Exit.INTERRUPTED),
    )
    if str(error) == "Query interrupted":  # DuckDB's words for Ctrl-C
        return Exit.INTERRUPTED
    return next((code for kind, code in kinds if isinstance(error, kind)), Exit.BROKEN)


def has_user_message(error: BaseException) -> bool:
    """Whether the error's message says everything that the user needs, so that no traceback is kept."""
    return exit_of(error) is not Exit.BROKEN or isinstance(error, (RunEnded, UserError))
