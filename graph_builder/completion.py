"""What the shell offers when a word of a command is begun: queries, parameters with their values, and subjects.

The functions that offer words are called by argcomplete with the word's beginning and what was read before it.
"""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

from graph_builder.problems import BadInputError, UsageError

_START_FILES = {"bash": ".bashrc", "zsh": ".zshrc"}


def query_names(prefix: str, **_: Any) -> list[str]:
    """Return the shipped queries whose name begins so."""
    from graph_builder.locate import home

    return [p.stem for p in sorted((home() / "queries").glob("*.rq")) if p.stem.startswith(prefix)]


def parameter_names(prefix: str, parsed_args: Namespace, **_: Any) -> list[str]:
    """Return the parameters of the query at hand that begin so, or the values that one of them allows."""
    from graph_builder import query as queries

    try:
        shipped = queries.find_query(str(parsed_args.what))
    except (UsageError, BadInputError):
        return []
    given, sign, _value = prefix.partition("=")
    if sign:
        allowed = next((p.allowed for p in shipped.parameters if p.name == given), ())
        return [f"{given}={value}" for value in allowed if f"{given}={value}".startswith(prefix)]
    return [f"{p.name}=" for p in shipped.parameters if p.name.startswith(prefix)]


def subject_keys(prefix: str, **_: Any) -> list[str]:
    """Return the keys of subjects that begin so, whole or after their kind; none where no graph is built."""
    from graph_builder.show import Card

    try:
        return sorted(key for key in set(Card().keys()) if key.startswith(prefix) or f"/{prefix}" in key)
    except (UsageError, OSError):
        return []


def install(shell: str, home: Path) -> str:
    """Make the user's shell complete the command from its next start on; return what was done, in one line.

    ``shell`` is bash, zsh or fish, or empty for the one that the environment names; ``home`` is the user's folder.
    """
    from argcomplete.shell_integration import shellcode

    shell = shell or Path(os.environ.get("SHELL", "")).name
    if shell not in (*_START_FILES, "fish"):
        raise UsageError("name the shell: pacts --install-completion bash, zsh or fish")
    try:
        return _install(shell, home, shellcode(["pacts"], shell=shell))
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from None


def _install(shell: str, home: Path, code: str) -> str:
    import shlex

    if shell == "fish":
        script = home / ".config" / "fish" / "completions" / "pacts.fish"
    else:
        script = home / ".local" / "share" / "pacts" / f"completion.{shell}"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(code, encoding="utf-8")
    if shell == "fish":
        return f"wrote {script}; it works in the next fish"
    start = home / _START_FILES[shell]
    line = f". {shlex.quote(str(script))}"
    if shell == "zsh":
        line = f"autoload -Uz compinit && compinit && {line}"
    text = start.read_text(encoding="utf-8", errors="replace") if start.exists() else ""
    if line not in text.splitlines():
        with start.open("a", encoding="utf-8") as file:
            file.write(f"{'' if not text or text.endswith(chr(10)) else chr(10)}{line}\n")
    return f"wrote {script}, which {start} now reads; it works in the next {shell}"
