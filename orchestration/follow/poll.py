"""One poll, if one is due. A scheduler calls this every five minutes, `make follow` calls it when a poll is due.

    session = Session()                          # kept as long as the process lives; it holds the access token
    result = poll(settings, utc_now(), session)  # prints nothing; returns at once when no poll is due
    if result.is_new:
        ...                                      # build the tables, or write the marker that starts the build

- It reads recently played and nothing else: one request, and a token once an hour. After a new login, it reads the
  profile once, to compare the account with that of the lake.
- At most 300 requests in 24 hours (`pace.MOST_CALLS`), counted in the lake before each is sent (`last_poll.json`).
- It holds the lock of the lake while it works, about a second, and does not wait for it: `busy`.
- It waits for nothing that Spotify asks for, and makes no call while a lock of any resource holds: `paused`.
- Without a new play it writes no data, only its record.

Raises what a run raises for wrong settings, another account's lake and refusals of AWS: those need a person. A refusal
of Spotify and a missing answer are results (`paused`, `failed`), because the hourly run reports them.
"""

import datetime as dt
from contextlib import closing
from dataclasses import dataclass

from orchestration.follow import pace
from orchestration.follow.record import DayBudget, LastRuns, PollRecord
from orchestration.lake_lock import LakeLock, lake_lock
from orchestration.report.last_error import keep_traceback
from pipelines.lake import manifest
from pipelines.lake.lock import Busy
from pipelines.lake.source import ResourceReport
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text
from pipelines.settings import Settings
from pipelines.spotify.account import consented_at, tokens_of
from pipelines.spotify.auth import Tokens, token_hash
from pipelines.spotify.errors import NoAnswer, ResourceStopped, RunEnded, Unreachable
from pipelines.spotify.profile import account_ids, read_profile

AGAIN = 10 * pace.MINUTE  # when a poll that may not be made is considered again
LATER = 30 * pace.MINUTE  # the pause after an error, and the shortest after Spotify asked to wait


@dataclass(frozen=True)
class PollResult:
    """`outcome` is read, not due, busy, paused or failed; `reason` says why. `calls` are those of the last 24 hours.

    `next_at` (naive UTC) is when the next poll is due.
    """

    outcome: str
    next_at: dt.datetime
    calls: int
    new_plays: int = 0
    newest_at: dt.datetime | None = None
    reason: str = ""

    @property
    def is_new(self) -> bool:
        return self.new_plays > 0


class Session:
    """The access token between polls of one process, so that a token is requested once an hour."""

    def __init__(self) -> None:
        self._tokens: Tokens | None = None
        self._account = ""

    def tokens(self, settings: Settings, account: str) -> Tokens:
        """Tokens that are valid, or new ones, which read the store again: another run may have rotated the token."""
        if settings.is_demo or self._tokens is None or not self._tokens.is_fresh or account != self._account:
            self._tokens, self._account = tokens_of(settings)[0], account
        return self._tokens

    def forget(self) -> None:
        self._tokens = None


def poll(settings: Settings, now: dt.datetime, session: Session | None = None) -> PollResult:
    """Read recently played, if that is due, and store new plays. `now` is naive UTC."""
    changes = {"demo_now": now, "demo_days": 0} if settings.is_demo else {}
    settings = settings.model_copy(update={"now": now} | changes)
    with closing(Lake.of(settings)) as lake:
        if waiting := _waiting(lake, now):
            return waiting
    try:
        with lake_lock(settings, "poll") as lock:
            # Another poll may have been made in between.
            return _waiting(lock.lake, now) or _polled(lock, now, session or Session())
    except Busy as error:
        return PollResult("busy", now + pace.MINUTE, 0, reason=str(error))


def _waiting(lake: Lake, now: dt.datetime) -> PollResult | None:
    """Why no poll is made now; None when one is due."""
    record, runs = PollRecord.read(lake), LastRuns.read(lake)
    calls = record.calls_of_a_day(now)

    def paused(reason: str, until: dt.datetime | None = None) -> PollResult:
        return PollResult("paused", until or now + AGAIN, calls, reason=reason)

    if runs.read_at is None:
        return paused("no run has read this account yet; `make extract` comes first")
    if runs.failure:
        return paused(runs.failure)
    if record.waits_since and runs.read_at <= record.waits_since:
        return paused(record.reason)
    for until, reason in (
        (record.paused_until, record.reason),
        (runs.locked_until, f"Spotify has locked a resource until {as_text(runs.locked_until or now)}"),
    ):
        # A pause of more than a day was written with a wrong clock.
        if until and now < until <= now + pace.DAY:
            return paused(reason, until)
    if not pace.may_poll(calls):
        return paused(f"{calls} of {pace.MOST_CALLS} calls were made in the last 24 hours", now + LATER)
    due = _next(record, runs, calls, now)
    return PollResult("not due", due, calls, newest_at=record.newest_at) if now < due else None


def _next(record: PollRecord, runs: LastRuns, calls: int, now: dt.datetime) -> dt.datetime:
    read = [time for time in (record.polled_at, runs.plays_read_at) if time and time <= now]
    plays = [time for time in (record.newest_at, runs.newest_at) if time]
    return pace.next_poll(max(read, default=None), max(plays, default=None), calls, now)


def _polled(lock: LakeLock, now: dt.datetime, session: Session) -> PollResult:
    """Make the poll, and keep in the record what it brought."""
    from pipelines.spotify.polled import AskedToWait  # imports the client, which takes a quarter of a second

    record = PollRecord.read(lock.lake)
    record.polled_at, record.paused_until, record.waits_since, record.reason = now, None, None, ""
    before = record.new_at, record.window, record.newest_at, record.account
    new_plays, outcome = 0, "read"
    try:
        new_plays = _read(lock, now, session, record)
    except (AskedToWait, NoAnswer, Unreachable) as error:
        outcome, record.reason = "failed", str(error)
        record.paused_until = now + max(LATER, dt.timedelta(seconds=getattr(error, "seconds", 0)))
    except (RunEnded, ResourceStopped) as error:
        # A repeat would fail in the same way until a run was answered: the hourly run says what a person has to do.
        outcome, record.reason, record.waits_since = "paused", str(error), lock.settings.now
    if record.paused_until:
        outcome = "paused" if outcome == "read" else outcome
    if outcome != "read":
        session.forget()
    if outcome != "read" or before != (record.new_at, record.window, record.newest_at, record.account):
        record.write(lock.lake)
    calls = record.calls_of_a_day(now)
    next_at = record.paused_until or _next(record, LastRuns.read(lock.lake), calls, now)
    return PollResult(outcome, next_at, calls, new_plays, record.newest_at, record.reason)


def _read(lock: LakeLock, now: dt.datetime, session: Session, record: PollRecord) -> int:
    """Request the newest page, and load it if it is not the one that is known. Returns the number of new plays."""
    from pipelines.load import load
    from pipelines.spotify.polled import PollClient, polled

    settings, lake = lock.settings, lock.lake
    budget = DayBudget(record, now, lambda: record.write(lake))
    account = _consent_of(settings)
    tokens = session.tokens(settings, account)
    tokens.before_call = lambda: budget.spend("token", "token")
    client = PollClient(tokens, settings.api_url, budget)
    if account != record.account:
        ids = account_ids(read_profile(client))
        manifest.bind_account({"accounts": manifest.accounts(lake)}, lake, ids)
        record.account = account
    window = client.window()
    if window and window.key == record.window:
        return 0
    report = load(settings, sources=[polled(client)], lake=lake).reports[0]
    if report.outcome in ("stopped", "skipped"):
        _stopped(report, record, settings, now)
        return 0
    if window:
        record.window = window.key
        record.newest_at = max(filter(None, (record.newest_at, window.newest_at)), default=None)
    if report.rows_new:
        record.new_at = settings.now
    return report.rows_new


def _stopped(report: ResourceReport, record: PollRecord, settings: Settings, now: dt.datetime) -> None:
    record.reason = report.reason or ""
    record.paused_until = report.not_before or now + LATER
    if report.traceback:
        keep_traceback(report.traceback, settings.work_dir)


def _consent_of(settings: Settings) -> str:
    """Changes with each login, so that a poll finds out whose account it reads."""
    given = settings.refresh_token or str(consented_at(settings))
    return token_hash(f"{settings.client_id} {given}")
