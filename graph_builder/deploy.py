"""The folders to publish: the site for a server of plain files, and the rules for w3id.org that lead to it."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from graph_builder.problems import UsageError, printable
from graph_builder.swap import replaced

NAMES = Path("docs") / "w3id" / "logistics-pacts"
_SITE = re.compile(r"https://(?!example\.)[^\s\[\]%$\"'\\<>,]+[^\s\[\]%$\"'\\<>,/]")
_RULE = re.compile(r"(?<=\[E=SITE:)[^\]]+")


def write_site(site: str, dist: Path, home: Path, to: Path) -> None:
    """Write ``to``/site, a copy of dist/ without its store, and ``to``/w3id, the rules that lead there.

    ``site`` is the address at which the first folder will be served, such as https://name.github.io/logistics-pacts.
    Raises UsageError for an address that is none, and where no pages were built.
    """
    if not _SITE.fullmatch(site):
        told = f"{printable(site, 100)!r} is no address to publish at" if site else "say where the site will be served"
        raise UsageError(f"{told}; write it as in SITE=https://name.github.io/logistics-pacts")
    if not (dist / "names.tsv").is_file():
        raise UsageError(f"no pages in {printable(str(dist))}; write them with: pacts view")
    with replaced(to / "site") as new:
        shutil.copytree(dist, new, dirs_exist_ok=True, ignore=lambda folder, _: _left_out(Path(folder) == dist))
    with replaced(to / "w3id") as new:
        shutil.copytree(home / NAMES, new / NAMES.name)
        rules = new / NAMES.name / ".htaccess"
        rules.write_text(_RULE.sub(site, rules.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def _left_out(top: bool) -> set[str]:
    return {"store"} if top else set()


if __name__ == "__main__":
    try:
        write_site(sys.argv[1], Path("dist"), Path(), Path())
    except UsageError as error:
        sys.exit(str(error))
