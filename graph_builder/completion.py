"""What the shell offers when a word of a command is begun: queries, parameters with their values, and subjects."""

from __future__ import annotations

import typer

from graph_builder.problems import BadInputError, UsageError


def query_names(incomplete: str) -> list[str]:
    """Return the shipped queries whose name begins so."""
    from graph_builder.locate import home

    return [p.stem for p in sorted((home() / "queries").glob("*.rq")) if p.stem.startswith(incomplete)]


def parameter_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the parameters of the query at hand that begin so, or the values that one of them allows."""
    from graph_builder import query as queries

    # Where the option at hand still lacks its value, the words before it are not yet given to the arguments.
    name = context.params.get("what") or next(iter(context.args), "")
    try:
        shipped = queries.find_query(str(name))
    except (UsageError, BadInputError):
        return []
    given, sign, _ = incomplete.partition("=")
    if sign:
        allowed = next((p.allowed for p in shipped.parameters if p.name == given), ())
        return [f"{given}={value}" for value in allowed if f"{given}={value}".startswith(incomplete)]
    return [f"{p.name}=" for p in shipped.parameters if p.name.startswith(incomplete)]


def subject_keys(incomplete: str) -> list[str]:
    """Return the keys of subjects that begin so, whole or after their kind; none where no graph is built."""
    from graph_builder.show import Card

    try:
        return sorted(key for key in set(Card().keys()) if key.startswith(incomplete) or f"/{incomplete}" in key)
    except (UsageError, OSError):
        return []
