"""Exit codes, one a kind of end; documented in the README."""

from enum import IntEnum

from pipelines.aws.errors import Refused, WrongPlace
from pipelines.aws.glue import WrongCatalog
from pipelines.lake.lock import Busy
from pipelines.lake.manifest import WrongLake
from pipelines.settings import BadSetting
from pipelines.spotify.errors import AppRefused, ConsentNeeded, NothingRead, RunEnded


class UserError(Exception):
    """Something outside failed, and the message is all that there is to say."""


class Exit(IntEnum):
    WELL = 0
    BROKEN = 1
    USAGE = 2
    RESOURCES_STOPPED = 3
    CONSENT_NEEDED = 4
    CONFIGURATION = 5
    TESTS_FAILED = 6
    BUSY = 7
    REFUSED = 8
    INTERRUPTED = 130


def exit_of(error: BaseException) -> Exit:
    """The code for an error whose message already says everything; BROKEN for all others."""
    from orchestration.warehouses.dbt import WarehouseBusy, WarehouseUnusable

    kinds: tuple[tuple[type[BaseException], Exit], ...] = (
        (ConsentNeeded, Exit.CONSENT_NEEDED),
        (AppRefused, Exit.CONFIGURATION),
        (NothingRead, Exit.RESOURCES_STOPPED),
        (BadSetting, Exit.CONFIGURATION),
        (WrongLake, Exit.CONFIGURATION),
        (Busy, Exit.BUSY),
        (WarehouseBusy, Exit.BUSY),
        (WarehouseUnusable, Exit.CONFIGURATION),
        (WrongCatalog, Exit.CONFIGURATION),
        (WrongPlace, Exit.CONFIGURATION),
        (Refused, Exit.REFUSED),
        (KeyboardInterrupt, Exit.INTERRUPTED),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), Exit.BROKEN)


def has_user_message(error: BaseException) -> bool:
    """Whether the error's own message is all that a person needs."""
    return exit_of(error) is not Exit.BROKEN or isinstance(error, (RunEnded, UserError))
