"""Columns that several things share."""

from pipelines.raw.table import text

# It is part of the key, so a simplified object, which lacks keys, never replaces a value of a full one by null.
OBJECT_FORM = text("object_form", "full or simplified, as Spotify calls its two shapes of the object.", null=False)

# About 300 pixels wide: sharp enough in a list, and small.
IMAGE_URL = text("image_url", "Address of the picture, about 300 pixels wide; null when Spotify sends none.")
