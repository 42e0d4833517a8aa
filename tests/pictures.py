"""Draws the pictures of the README: `python -m tests.pictures`. The docs page needs Chromium.

`docs/images/terminal.svg` is the first screen of the README, which a test compares with the real output.
`docs/images/follow.svg` is an evening of the demo listener, which a test compares with what `make follow` says.
`docs/images/docs.png` is the page of `fct_plays` that `make docs` writes for the demo account. `report.png` and
`year.png` are pages that `make report` writes for it. `report.sha256` is the hash of their design; a test compares it.
"""

import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.follow.evening import evening
from tests.publish.report.browser import started
from tests.publish.report.design import design_of, invented_report

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
TERMINAL = IMAGES / "terminal.svg"
FOLLOW = IMAGES / "follow.svg"
DESIGN = IMAGES / "report.sha256"
PAGE_WIDTH, PAGE_HEIGHT = 1080, 1210
COLUMNS = 96
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
THEME = TerminalTheme(
    (17, 24, 32),
    (214, 222, 230),
    [
        (60, 68, 77),
        (224, 108, 117),
        (63, 185, 80),
        (214, 168, 77),
        (88, 166, 255),
        (188, 140, 255),
        (86, 194, 194),
        (214, 222, 230),
    ],
)


def terminal_picture() -> str:
    """The first screen of the README as SVG, without its long lines about addresses."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    match = re.search(r"```console\n(\$ git clone.*?)\n```", readme, re.DOTALL)
    assert match, "the README begins with a console block"
    return _drawn(match[1].split("\ntables: ")[0].rstrip().splitlines(), "terminal")


def follow_picture() -> str:
    """An evening of the demo listener in the terminal of `make follow`, with a clock that does not wait."""
    with TemporaryDirectory() as folder:
        return _drawn(evening(Path(folder)), "follow")


def _drawn(lines: list[str], name: str) -> str:
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    for line in lines:
        console.print(_coloured(line), soft_wrap=True)
    drawn = console.export_svg(title="spotify-elt", theme=THEME, unique_id=name)
    # The fonts of the viewer: an image on a web page may load nothing.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    return re.sub(r"font-family: (Fira Code|arial)[^;]*;", f"font-family: {FONT};", drawn)


def _coloured(line: str) -> Text:
    text = Text(line, no_wrap=True)
    text.highlight_regex(r"^\$ .*", "bold green")
    text.highlight_regex(r"^(resource|place) .*", "dim")
    text.highlight_regex(r"^spotify-elt .*", "bold")
    text.highlight_regex(r"^\d+ models built.*|^most played.*", "bold cyan")
    text.highlight_regex(r"^playlist_items: .*", "yellow")
    text.highlight_regex(r"(?<=^\d\d:\d\d  )tables built.*", "cyan")
    text.highlight_regex(r"^\W \d+ of \d+ calls.*", "dim")
    return text


def docs_picture(page: Path, target: Path) -> None:
    """A screenshot of one table in the docs page."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium or not page.exists():
        sys.exit(f"{target.name} was not drawn: it needs Chromium, and `make docs` for the demo account")
    with TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", "--virtual-time-budget=20000"]
        window = ["--window-size=1280,860", "--force-device-scale-factor=1", f"--user-data-dir={profile}"]
        address = f"{page.as_uri()}#!/model/model.spotify_elt.fct_plays"
        subprocess.run(
            [chromium, *options, *window, f"--screenshot={target}", address], check=True, capture_output=True
        )


def report_pictures(folder: Path) -> None:
    """The top of the report in light, and of the page of its last whole year in dark."""
    years = sorted(folder.glob("[0-9][0-9][0-9][0-9].html"))
    if len(years) < 2:
        sys.exit(
            "the report was not drawn: it needs `make report` for the demo account after an import of its export "
            "(docs/import.md)"
        )
    with started() as browser:
        for page, scheme, name in ((folder / "index.html", "light", "report"), (years[-2], "dark", "year")):
            with browser.opened(page, PAGE_WIDTH, scheme) as tab:
                area: Any = {"x": 0, "y": 0, "width": PAGE_WIDTH, "height": PAGE_HEIGHT}
                tab.screenshot(path=str(IMAGES / f"{name}.png"), clip=area, full_page=True)
    with TemporaryDirectory() as temporary:
        DESIGN.write_text(f"{design_of(invented_report(Path(temporary)))}\n", encoding="utf-8")


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    TERMINAL.write_text(terminal_picture(), encoding="utf-8")
    FOLLOW.write_text(follow_picture(), encoding="utf-8")
    docs_picture(ROOT / "data" / "demo" / "docs" / "index.html", IMAGES / "docs.png")
    report_pictures(ROOT / "data" / "demo" / "report")
