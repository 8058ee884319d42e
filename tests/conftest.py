"""What the tests share: the project's own graph, built once by each worker, and the command as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.browser import Watch

ROOT = Path(__file__).resolve().parent.parent


def pacts(
    *arguments: str | Path, dist: Path | None = None, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own and return what it printed and its status."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    if dist is not None:
        env["PACTS_DIST"] = str(dist)
    command = [sys.executable, "-c", "from graph_builder.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, timeout=300, encoding="utf-8")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dist/ built from the project's own facts."""
    from graph_builder.pipeline import build

    dist = tmp_path_factory.mktemp("built") / "dist"
    build(dist)
    return dist


@pytest.fixture(scope="session")
def site(built: Path) -> Path:
    """Return that dist/ with its pages."""
    from graph_builder.view import write_views

    write_views(built)
    return built


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Yield a browser that all tests share; each has pages of its own or leaves a shared one as it was."""
    from tests.browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def desk(browser: Any) -> Iterator[tuple[Any, Watch]]:
    """Yield a page on a desktop that tests share, and the record of what it does."""
    from tests.browser import watched_page

    with watched_page(browser, viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as shared:
        yield shared


@pytest.fixture
def facts(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes fact files, given by name and text, into a new folder."""

    def write(**files: str) -> Path:
        folder = tmp_path / "facts"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return folder

    return write
