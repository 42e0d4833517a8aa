"""The profile of the account, and what each run read."""

from pipelines.raw.table import Table, bigint, boolean, text, timestamp

ACCOUNT = (
    Table(
        "me",
        "One row per read that found the profile new or changed.",
        key=("user_id",),
        columns=(
            text("user_id", "Spotify user id.", null=False),
            text("account_id", "Immutable pseudonymous id; absent before May 2026."),
            text("display_name", "Name shown on the profile."),
            text("country", "Market of the account; extended-quota mode only."),
            text("product", "Subscription, for instance premium; extended-quota mode only."),
            bigint("followers_total", "Followers; extended-quota mode only."),
            text("uri", "Spotify URI of the user."),
        ),
    ),
    Table(
        "resource_runs",
        "One row per resource and run in which the resource was due: what was read and why the read ended.",
        key=("resource", "read_at"),
        since="read_at",
        columns=(
            text("resource", "Name of the resource.", null=False),
            bigint("calls", "HTTP requests made for the resource, repeats included.", null=False),
            bigint("rows_read", "Elements on the pages that were read, without nulls.", null=False),
            bigint("rows_new", "Rows appended to the resource's own table as new or changed.", null=False),
            bigint("rows_removed", "Tombstones appended for items that had left the list.", null=False),
            bigint("rows_null", "Elements that Spotify sent as null.", null=False),
            bigint("rows_unkeyed", "Elements without any id, such as an episode no longer offered.", null=False),
            bigint("total", "The list's own `total`, where it has one."),
            boolean("is_whole", "The list was read from its first to its last row.", null=False),
            boolean("is_proved", "The complete read fits its total, so absent items got tombstones.", null=False),
            text("outcome", "read, unfinished, skipped or stopped.", null=False),
            text("reason", "Why the resource was skipped or stopped, or why its read is unfinished."),
            text("resume_from", "Offset or cursor where the next run continues an interrupted read."),
            timestamp("not_before", "UTC time before which no call is made to the resource."),
            timestamp("oldest_at", "Oldest time among the rows read, for resources with a time."),
            timestamp("newest_at", "Newest time among the rows read, for resources with a time."),
            timestamp("gap_from", "UTC time of the last known play before a gap; plays may be missing from here on."),
            bigint("rows_left_out", "Elements that cannot be read or stored; null before this was counted."),
            bigint("values_nulled", "Values that did not fit their column; null before this was counted."),
            text("oddities", "The columns of those values with counts, and the elements that were left out."),
            timestamp("gap_until", "UTC time of the oldest play after the gap; plays may be missing up to here."),
        ),
    ),
)
