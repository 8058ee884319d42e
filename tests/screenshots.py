"""Pictures of each kind of page of the built site, for a person to look at: ``python -m tests.screenshots [DIST]``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from graph_builder.locate import default_dist
from tests.browser import chromium, watched_page
from tests.site_pages import PAGES

SCREENS = {"desktop": (1280, 800), "phone": (360, 740)}


def kinds(dist: Path) -> dict[str, str]:
    """Return the address of each page to be pictured, by a name for its file: the site's kinds and every network."""
    drawn = [path for path in sorted((dist / "views").glob("*.html")) if "page.css" in path.read_text("utf-8")]
    once = {re.sub(r"^(pact-network|partners-of)-.*", r"\1", path.stem): f"views/{path.name}" for path in drawn}
    return {name.replace(" ", "-"): path for name, path in PAGES.items()} | {
        f"network-{name}": path for name, path in once.items()
    }


def main() -> None:
    """Write a picture of each page on a desktop and a phone, light and dark, and in Hindi, into screenshots/ in dist."""
    dist = Path(sys.argv[1]) if len(sys.argv) > 1 else default_dist()
    folder = dist / "screenshots"
    folder.mkdir(exist_ok=True)
    looks = [(scheme, "en") for scheme in ("light", "dark")] + [("light", "hi")]
    with chromium() as browser:
        for screen, (width, height) in SCREENS.items():
            size = {"width": width, "height": height}
            for scheme, language in looks:
                with watched_page(browser, viewport=size, color_scheme=scheme, reduced_motion="reduce") as (page, _):
                    page.goto((dist / "index.html").as_uri())
                    page.evaluate("language => localStorage.setItem('pacts-language', language)", language)
                    for name, path in kinds(dist).items():
                        page.goto((dist / path).as_uri())
                        page.wait_for_timeout(400)
                        look = scheme if language == "en" else language
                        page.screenshot(path=folder / f"{name}-{screen}-{look}.png")
    print(f"wrote {folder}")


if __name__ == "__main__":
    main()
