"""What the tests share: the project's own graph, built once by each worker, and the command as users run it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graph_builder import PactGraph, build, open_graph

from .site_pages import HOSTILE
from .small import FACTS

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


@contextmanager
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder that all workers of a run share, to one worker at a time."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (folder / "shared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dist/ built from the project's own facts; no test changes it."""
    with shared(tmp_path_factory) as folder:
        return build(folder / "built" / "dist").dist


@pytest.fixture(scope="session")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return such a dist/ with its pages."""
    from graph_builder.view import write_views

    with shared(tmp_path_factory) as folder:
        dist = folder / "site" / "dist"
        if not dist.exists():
            write_views(Path(shutil.copytree(built, dist)))
        return dist


@pytest.fixture(scope="session")
def graph(built: Path) -> PactGraph:
    """Return the project's own graph, opened."""
    return open_graph(built)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> PactGraph:
    """Return the small graph of tests/small.py, opened."""
    with shared(tmp_path_factory) as folder:
        facts = folder / "small" / "facts.yaml"
        facts.parent.mkdir(exist_ok=True)
        facts.write_text(FACTS, encoding="utf-8")
        return open_graph(build(folder / "small-dist", facts.parent).dist)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dist/ with its pages, whose facts try to do harm; its tests are of one group, so of one worker."""
    from graph_builder.view import write_views

    top = tmp_path_factory.mktemp("hostile")
    (top / "facts").mkdir()
    (top / "facts" / "bad.yaml").write_text(HOSTILE.replace("LONG", "long " * 2000), encoding="utf-8")
    build(top / "dist", top / "facts")
    # The reader refuses such an address; the pages have to be safe even if it did not.
    graph = top / "dist" / "graph.nt"
    text = graph.read_text(encoding="utf-8")
    graph.write_text(text.replace('"https://example.org/swapped"', '"javascript:alert(4)"'), encoding="utf-8")
    write_views(top / "dist")
    return top / "dist"


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
