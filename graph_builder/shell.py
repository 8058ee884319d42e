"""An interactive prompt for SPARQL, with history, highlighting and completion."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.rdf import SparqlLexer

from graph_builder.locate import home
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.present import present
from graph_builder.problems import UsageError
from graph_builder.query import bind, check_query_text, find_query, open_store, run, shipped_queries
from graph_builder.show import show_card, why
from graph_builder.terms import LP

HELP = """SPARQL, ended by an empty line; the project's prefixes are declared. Tab completes prefixes and terms. Or:
  .queries                     list the shipped queries
  .run NAME name=value …       run a shipped query
  .show KEY                    show a card
  .why KEY [PROPERTY]          say why a fact is held
  .format table|csv|json|md    choose how results are printed
  .quit                        leave"""
_KEYWORDS = (
    "SELECT DISTINCT WHERE OPTIONAL FILTER BIND VALUES UNION MINUS EXISTS GROUP ORDER BY LIMIT OFFSET HAVING COUNT SUM "
    "MIN MAX AVG GROUP_CONCAT SEPARATOR CONSTRUCT ASK DESCRIBE CONTAINS STRSTARTS LANG STR BOUND COALESCE IF REGEX"
).split()


class TermCompleter(Completer):
    """Completes SPARQL's words, the ontology's terms, the prefixes, and the names of shipped queries."""

    def __init__(self, ontology: Ontology, names: list[str]) -> None:
        terms = [f"lp:{name}" for name in ontology.properties]
        terms += [f"lp:{iri.removeprefix(LP)}" for iri in ontology.superclasses if iri.startswith(LP)]
        self.words = sorted({*_KEYWORDS, *terms, *(f"{p}:" for p in ontology.prefixes), *names})

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield the words that continue what stands before the cursor."""
        typed = document.get_word_before_cursor(pattern=re.compile(r"[\w:.-]+"))
        for word in self.words:
            if typed and word.lower().startswith(typed.lower()):
                yield Completion(word, start_position=-len(typed))


def shell(dist: Path | None = None) -> None:
    """Read queries and commands until the end of input; a wrong one is told in one line and the next is read."""
    store = open_store(dist)
    ontology = load_ontology(home() / "ontology")
    session = _Session(store, ontology, dist)
    if not sys.stdin.isatty():
        for text in sys.stdin.read().split("\n\n"):
            session.take(text)
        return
    history = Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state")) / "pacts" / "history"
    history.parent.mkdir(parents=True, exist_ok=True)
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: Any) -> None:
        buffer = event.current_buffer
        text = buffer.text
        if text.startswith(".") or not text.strip() or text.endswith("\n"):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    names = [query.name for query in shipped_queries()]
    prompt: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        lexer=PygmentsLexer(SparqlLexer),
        completer=TermCompleter(ontology, names),
        multiline=True,
        key_bindings=keys,
    )
    print(HELP)
    while session.open:
        try:
            session.take(prompt.prompt("pacts> ", prompt_continuation="       "))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


class _Session:
    """Carries out what was typed."""

    def __init__(self, store: Any, ontology: Ontology, dist: Path | None) -> None:
        self.store, self.prefixes, self.dist = store, ontology.prefixes, dist
        self.format, self.open = "table", True

    def take(self, text: str) -> None:
        text = text.strip()
        if not text:
            return
        try:
            if text.startswith("."):
                self._command(*text[1:].split())
            else:
                self._query(text)
        except UsageError as error:
            print(error)
        sys.stdout.flush()

    def _query(self, text: str) -> None:
        check_query_text(text)
        present(run(self.store, text, self.prefixes), self.format, self.prefixes)

    def _command(self, name: str = "", *arguments: str) -> None:
        if name in ("quit", "exit", "q"):
            self.open = False
        elif name == "queries":
            for query in shipped_queries():
                print(f"{query.name:<20} {query.summary}")
        elif name == "run" and arguments:
            values = dict(pair.partition("=")[::2] for pair in arguments[1:])
            self._query(bind(find_query(arguments[0]), values, self.prefixes))
        elif name == "show" and arguments:
            show_card(arguments[0], self.dist)
        elif name == "why" and arguments:
            why(arguments[0], arguments[1] if len(arguments) > 1 else None, self.dist)
        elif name == "format" and arguments:
            self.format = arguments[0]
        else:
            print(HELP)
