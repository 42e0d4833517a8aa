"""What to say about an error that ended a run, and with which exit code."""

import errno
import traceback

from orchestration.exit_codes import Exit, exit_of, has_user_message
from orchestration.report.last_error import keep_traceback
from pipelines.aws.errors import refusal
from pipelines.settings import ROOT, Settings

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
# The second is DuckDB's, when its working files fill the disk.
SAYS_FULL = ("No space left on device", "max_temp_directory_size")
NOT_WRITABLE = (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.ENOENT)


def failure_of(error: BaseException, settings: Settings | None) -> tuple[str, Exit]:
    """One message that says what happened and what to do, and the exit code of the error.

    The traceback of an error in the program is written to a file of the work folder, which the message names. The
    message of an interrupt is empty.
    """
    if settings and settings.is_in_cloud and exit_of(error) is Exit.BROKEN:
        error = refusal(error, settings.lake_url, settings.region) or error
    code = exit_of(error)
    if code is Exit.INTERRUPTED:
        return "", code
    if isinstance(error, EOFError):
        return "no answer came to the question; nothing was changed", Exit.USAGE
    if has_user_message(error):
        return str(error), code
    if (isinstance(error, OSError) and error.errno in DISK_FULL) or any(text in str(error) for text in SAYS_FULL):
        seen = str(error).partition("\n")[0]
        return f"the disk is full: {seen}; nothing is lost: free some space and run again", code
    if isinstance(error, OSError) and error.errno in NOT_WRITABLE:
        return f"{error.filename} cannot be written: {error.strerror}", code
    return f"broken: {type(error).__name__}: {error}{_traceback_kept(error, settings)}", code


def _traceback_kept(error: BaseException, settings: Settings | None) -> str:
    """Write the traceback to a file and return a line that names the file. The traceback shows no variables."""
    text = "".join(traceback.format_exception(error))
    file = keep_traceback(text, settings.work_dir if settings else ROOT / "data")
    return f"\ndetails: {file}" if file else ""
