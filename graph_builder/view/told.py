"""The facts of the archive as the panels of network pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from graph_builder.view import archive
from graph_builder.view.model import Fact, Rival, SourceRef


class Told(Mapping[str, Sequence[Fact]]):
    """The facts of every subject by its key, made when they are asked for.

    Those of a pact's parts stand with the pact too, named for the part.
    """

    def __init__(self, held: archive.Archive) -> None:
        self._held = held
        self._made: dict[str, list[Fact]] = {}
        self._sources: dict[str, SourceRef] = {}

    def __getitem__(self, key: str) -> list[Fact]:
        if key not in self._made:
            facts = [self._fact(fact, fact.label) for fact in self._held.facts.get(key, ())]
            if key.startswith("pact/"):
                for part in self._held.on_page(key):
                    facts += [
                        self._fact(fact, f"{part.label}: {fact.label}") for fact in self._held.facts.get(part.key, ())
                    ]
            if not facts:
                raise KeyError(key)
            self._made[key] = facts
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held.facts)

    def __len__(self) -> int:
        return len(self._held.facts)

    def _fact(self, fact: archive.Fact, name: str) -> Fact:
        rivals = sorted(fact.rivals, key=lambda claim: claim.value.text)
        return Fact(
            property=name,
            value=fact.value.text if fact.value else "",
            value_key=fact.value.key if fact.value else None,
            contested=fact.contested,
            reason=fact.reason,
            sources=[self._source(claim.source) for claim in fact.backing],
            rivals=[
                Rival(value, [self._source(claim.source) for claim in claims])
                for value, claims in groupby(rivals, key=lambda claim: claim.value.text)
            ],
            word=all(map(self._is_word, (*filter(None, [fact.value]), *(claim.value for claim in rivals)))),
        )

    def _is_word(self, value: archive.Value) -> bool:
        # A label of two senses cannot be told by its text, so it stays as it is.
        plain = not isinstance(value.text, archive.Word)
        return plain and bool(value.key) and value.key not in self._held.things

    def _source(self, source: archive.Source) -> SourceRef:
        if source.key not in self._sources:
            self._sources[source.key] = SourceRef(
                source.title, source.publisher, source.url or None, source.published or None, source.tier, source.key
            )
        return self._sources[source.key]
