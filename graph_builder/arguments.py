"""How the commands are declared, and how the words after ``pacts`` become the arguments of one of them.

A command is a function with its arguments beside it: ``@command(argument("--dist", ...), examples=(...))``. Its
name is the function's, its help the function's docstring. Only the parser of the command that is named is made:
to make all of them takes longer than many a query.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from graph_builder.problems import UsageError, did_you_mean, printable

Completer = Callable[..., Sequence[str]]
Argument = tuple[tuple[str, ...], dict[str, Any], Completer | None]
Run = Callable[..., int | None]


class Command:
    """A function, its arguments and its examples; the function returns the exit status, or None for 0."""

    def __init__(self, run: Run, arguments: Sequence[Argument], examples: Sequence[str]) -> None:
        self.run, self.arguments, self.examples = run, arguments, examples
        self.name = run.__name__
        self.help = "\n".join(line.strip() for line in (run.__doc__ or "").strip().splitlines())

    @property
    def summary(self) -> str:
        """Return the first line of the help."""
        return self.help.partition("\n")[0]

    def fill(self, parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
        """Add the arguments to a parser and return it."""
        for names, settings, completer in self.arguments:
            action = parser.add_argument(*names, **settings)
            if completer:
                action.completer = completer  # type: ignore[attr-defined]
        return parser


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, and takes no abbreviations."""

    def __init__(self, prog: str, **settings: Any) -> None:
        super().__init__(prog, formatter_class=_help, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{printable(message, 500)}; see {self.prog} --help")


def _help(prog: str) -> argparse.HelpFormatter:
    """Return the writer of help, as wide as the terminal, at most 100 columns; asked thus, it loads nothing more."""
    try:
        width = min(os.get_terminal_size().columns, 100)
    except OSError:
        width = 100
    return argparse.RawDescriptionHelpFormatter(prog, width=width)


def argument(*names: str, complete: Completer | None = None, **settings: Any) -> Argument:
    """Declare an argument as argparse takes it; ``complete`` offers words to the shell."""
    if choices := settings.get("choices"):
        settings["type"] = partial(_one_of, choices)
    return names, settings, complete


def _one_of(choices: Sequence[str], text: str) -> str:
    if text not in choices:
        right = did_you_mean(text, choices) or f"; it is one of {', '.join(choices)}"
        raise argparse.ArgumentTypeError(f"no {printable(text)!r} here{right}")
    return text


def whole(text: str) -> int:
    """Return a whole number above 0; anything else is refused."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def seconds(text: str) -> float:
    """Return a number of seconds above 0, at most a day; anything else is refused."""
    try:
        if 0 < (found := float(text)) <= 86_400:
            return found
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0, a day of them at most")


def parameter(of: str, complete: Completer | None = None) -> Argument:
    """Declare --param, which may stand more than once, for the parameters of a query."""
    settings: dict[str, Any] = {"action": "append", "type": _pair, "default": []}
    return argument("--param", "-p", metavar="NAME=VALUE", help=f"a parameter of {of}", complete=complete, **settings)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"a parameter is written NAME=VALUE, not {text!r}")
    return name, value


class Commands(dict[str, Command]):
    """The commands by name."""

    def __init__(self, description: str, version: str) -> None:
        super().__init__()
        self.description, self.version = description, version

    def command(self, *arguments: Argument, examples: Sequence[str]) -> Callable[[Run], Run]:
        """Make the function below a command."""

        def declare(run: Run) -> Run:
            self[run.__name__] = Command(run, arguments, examples)
            return run

        return declare

    def parser(self) -> argparse.ArgumentParser:
        """Return the parser of everything, which help and the shell's completion need."""
        top = _Parser("pacts", description=self.description, epilog="pacts COMMAND --help tells more of a command.")
        top.add_argument("--version", action="version", version=f"pacts {self.version}")
        top.add_argument(
            "--install-completion",
            nargs="?",
            const="",
            metavar="SHELL",
            help="let the shell complete commands, queries, parameters and subjects (bash, zsh or fish)",
        )
        words = top.add_subparsers(title="commands", metavar="COMMAND", dest="command")
        for command in self.values():
            command.fill(words.add_parser(command.name, help=command.summary, prog=f"pacts {command.name}"))
        return top

    def run(self, words: Sequence[str]) -> int:
        """Run the command that the words name and return its exit status; wrong words raise UsageError."""
        if not words or words[0].startswith("-"):
            return self._bare(words)
        command = self.get(words[0])
        if command is None:
            near = did_you_mean(words[0], self)
            raise UsageError(f"no command {printable(words[0])!r}{near or '; it is one of ' + ', '.join(self)}")
        examples = "\n".join(["examples:", *(f"  {line}" for line in command.examples)])
        parser = command.fill(_Parser(f"pacts {command.name}", description=command.help, epilog=examples))
        return command.run(**vars(parser.parse_intermixed_args(words[1:]))) or 0

    def _bare(self, words: Sequence[str]) -> int:
        from graph_builder.completion import install

        parser = self.parser()
        asked = parser.parse_args(words)
        if asked.install_completion is None:
            parser.print_help()
        else:
            print(install(asked.install_completion, Path.home()))
        return 0
