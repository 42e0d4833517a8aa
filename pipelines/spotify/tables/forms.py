"""The column of things that Spotify sends in two shapes."""

from pipelines.raw.table import text

# It is part of the key, so a simplified object, which lacks keys, never replaces a value of a full one by null.
OBJECT_FORM = text("object_form", "full or simplified, as Spotify calls its two shapes of the object.", null=False)
