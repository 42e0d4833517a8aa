"""Who the account is, with the run's own facts."""

from pipelines.raw.table import Table, bigint, boolean, text, timestamp

ACCOUNT = (
    Table(
        "me",
        "One row per reading in which the profile was new or changed.",
        key=("user_id",),
        columns=(
            text("user_id", "Spotify user id.", null=False),
            text("account_id", "Immutable pseudonymous id; absent before May 2026."),
            text("display_name", "Name shown on the profile."),
            text("country", "Market of the account; extended-quota mode only."),
            text("product", "Subscription, for instance premium; extended-quota mode only."),
            bigint("followers_total", "Followers; extended-quota mode only."),
            text("uri", "Spotify address of the user."),
        ),
    ),
    Table(
        "resource_runs",
        "One row per resource and run in which it was due: what was asked, what came, why it ended.",
        key=("resource", "read_at"),
        since="read_at",
        columns=(
            text("resource", "Name of the resource, as in the menu.", null=False),
            bigint("calls", "HTTP requests made for the resource, repeats included.", null=False),
            bigint("rows_read", "Rows that the pages held, nulls not counted.", null=False),
            bigint("rows_new", "Rows of the resource's own table appended as new or changed.", null=False),
            bigint("rows_removed", "Rows appended to say that an item had left.", null=False),
            bigint("rows_null", "Elements that were null.", null=False),
            bigint("rows_unkeyed", "Elements without any id, such as an episode no longer offered.", null=False),
            bigint("total", "The list's own `total`, where it has one."),
            boolean("is_whole", "The list was read from its first to its last row.", null=False),
            boolean("is_proved", "What was absent from this whole read was taken as gone.", null=False),
            text("outcome", "read, skipped or stopped.", null=False),
            text("reason", "Why it was skipped or stopped, or what its reading left open."),
            text("resume_from", "Where the next run goes on, when the read was cut short: offset or cursor."),
            timestamp("not_before", "No call is made to the resource before this UTC time."),
            timestamp("oldest_at", "Oldest time among the rows read, for listings with a time."),
            timestamp("newest_at", "Newest time among the rows read, for listings with a time."),
            timestamp(
                "gap_from", "Last play known before a page that did not reach it; plays may be missing from here."
            ),
            timestamp("gap_until", "Oldest play of that page; plays may be missing up to here."),
        ),
    ),
)
