"""Which of the pictures that Spotify sends of a thing is kept."""

from typing import Any

import pytest

from pipelines.raw.values import Unfit
from pipelines.spotify.rows.element import image_url


def images(*widths: int | None) -> dict[str, Any]:
    return {"images": [{"url": f"https://i/{width}", "width": width, "height": width} for width in widths]}


@pytest.mark.parametrize(
    ("thing", "kept"),
    [
        (images(640, 300, 64), "https://i/300"),
        (images(64, 300, 640), "https://i/300"),  # shows come in this order
        (images(1000, 640, 200, 64), "https://i/640"),
        (images(640, 320, 160), "https://i/320"),
        (images(200, 64), "https://i/200"),
        (images(None), "https://i/None"),
        (images(None, 640), "https://i/640"),
        ({"images": [{"url": "", "width": 640}, {"url": "https://i/1", "width": "wide"}]}, "https://i/1"),
    ],
)
def test_the_smallest_picture_that_is_wide_enough_is_kept(thing: dict[str, Any], kept: str) -> None:
    assert image_url(thing) == kept


@pytest.mark.parametrize("thing", [{}, {"images": None}, {"images": []}, {"images": ["https://i/1", {"width": 300}]}])
def test_a_thing_without_a_picture_has_no_address(thing: dict[str, Any]) -> None:
    assert image_url(thing) is None


def test_pictures_that_are_no_list_are_an_odd_value() -> None:
    assert isinstance(image_url({"images": "https://i/1"}), Unfit)
