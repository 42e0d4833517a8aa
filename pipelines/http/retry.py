"""The one retry rule for requests: a few attempts with growing, random pauses."""

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter


def retrying(on: type[Exception] | tuple[type[Exception], ...], attempts: int = 4, pause_s: float = 0.5) -> Retrying:
    """Call a function again when it raises `on`. After the last attempt, the error of that attempt is raised.

    The pause starts at `pause_s` seconds, doubles after each attempt, gets up to one second of jitter and never
    exceeds 8 seconds.
    """
    return Retrying(
        stop=stop_after_attempt(attempts),
        wait=wait_exponential_jitter(multiplier=pause_s, max=8),
        retry=retry_if_exception_type(on),
        reraise=True,
    )
