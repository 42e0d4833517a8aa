"""One way to repeat a call that may succeed the next time."""

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter


def retrying(on: type[Exception] | tuple[type[Exception], ...], attempts: int = 4, pause_s: float = 0.5) -> Retrying:
    """Repeat a call that raises `on`, at most `attempts` times in all, with growing pauses of at most 8 s.

    The error of the last attempt is raised as it is.
    """
    return Retrying(
        stop=stop_after_attempt(attempts),
        wait=wait_exponential_jitter(multiplier=pause_s, max=8),
        retry=retry_if_exception_type(on),
        reraise=True,
    )
