"""A fact file in YAML, read on its own: its subjects, sources and rulings, and every problem at its place."""

from __future__ import annotations

import re
from pathlib import Path

from graph_builder import terms
from graph_builder.facts import Claim, Placing, Ruling
from graph_builder.file_facts import SOURCE_CLASS, FileFacts, Place, Use
from graph_builder.ontology import Ontology, Property
from graph_builder.problems import did_you_mean, printable
from graph_builder.terms import LP, lexical
from graph_builder.values import is_key, to_term
from graph_builder.yaml_nodes import Mapping, Node, Scalar, Sequence, read_yaml

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TOP = ("sources", "subjects", "adjudications")
_LONG = ("value", "lang", "printed", "locator", "note", "sources")
_ITEM = ("id", "printed", "locator", "note")
_RULING = ("about", "property", "accept", "reject", "reason", "note")


def read_file(path: Path, ontology: Ontology) -> FileFacts:
    """Read one YAML fact file; the problems found are in the result."""
    facts = FileFacts(str(path))
    top = read_yaml(path, facts.problems, facts.name)
    if top is None:
        facts.whole = False
        return facts
    reader = _FileReader(facts, ontology)
    for key, node in top.pairs:
        if key.text not in _TOP:
            known = ", ".join(_TOP)
            facts.note(
                key, f"unknown key {printable(key.text)!r}; a fact file holds {known}{did_you_mean(key.text, _TOP)}"
            )
        elif key.text == "adjudications":
            reader.rulings(node)
        elif isinstance(node, Mapping):
            for name, body in node.pairs:
                reader.source(name, body) if key.text == "sources" else reader.subject(name, body)
        elif not (isinstance(node, Scalar) and node.empty):
            facts.note(node, f"{key.text} holds keys with their properties; write one key a line")
    return facts


class _FileReader:
    """Turns the nodes of one file into records."""

    def __init__(self, facts: FileFacts, ontology: Ontology) -> None:
        self.facts, self.ontology = facts, ontology

    def source(self, name: Scalar, node: Node) -> None:
        if not _SLUG.fullmatch(name.text):
            self.facts.note(name, f"{printable(name.text)!r} is no source name; write lower-case words joined by -")
            return
        key = f"source/{name.text}"
        self.facts.classes[key] = (SOURCE_CLASS, Place(name.line, name.column))
        if not isinstance(node, Mapping):
            self.facts.note(node, "a source holds title, publisher, url, published, language and tier")
            return
        given = set()
        for field_name, value in node.pairs:
            camel = re.sub(r"-([a-z])", lambda m: m[1].upper(), field_name.text)
            prop = self.ontology.properties.get(camel)
            if prop is None or SOURCE_CLASS not in prop.classes:
                own = (p.name for p in self.ontology.properties_of(SOURCE_CLASS) if SOURCE_CLASS in p.classes)
                known = [re.sub(r"[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in own]
                guess = did_you_mean(field_name.text, known)
                self.facts.note(
                    field_name, f"a source has no {printable(field_name.text)!r}; it has {', '.join(known)}{guess}"
                )
                continue
            given.add(camel)
            self._placing(key, prop, value, language=self._language_of(node) if camel == "title" else None)
        for wanted in ("publisher", "tier"):
            if wanted not in given:
                self.facts.note(name, f"source {name.text} has no {wanted}; add it")

    def _language_of(self, node: Mapping) -> str | None:
        language = node.get("language")
        return language.text if isinstance(language, Scalar) and not language.empty else None

    def subject(self, name: Scalar, node: Node) -> None:
        if not is_key(name.text) or "/" not in name.text:
            self.facts.note(
                name, f"{printable(name.text)!r} is no subject key; write lower-case words, as in pact/relos"
            )
            return
        if not isinstance(node, Mapping):
            self.facts.note(node, f"{name.text} holds its properties, beginning with type; write one a line")
            return
        cls = self._type_of(name, node)
        if cls:
            self.facts.classes[name.text] = (cls, Place(name.line, name.column))
        for key, value in node.pairs:
            if key.text == "type":
                continue
            prop = self._property(key, cls)
            if prop is None:
                continue
            self.facts.properties_used.setdefault((name.text, prop.name), Place(key.line, key.column))
            if prop.placing:
                self._placing(name.text, prop, value)
            else:
                self._values(name.text, prop, value)

    def _type_of(self, name: Scalar, node: Mapping) -> str | None:
        given = node.get("type")
        if given is None:
            self.facts.note(name, f"{name.text} has no type; add one, such as type: LogisticsSupportPact")
            return None
        if not isinstance(given, Scalar):
            self.facts.note(given, f"{name.text} has more than one type; a subject has one")
            return None
        if given.text not in self.ontology.subject_classes:
            known = self.ontology.subject_classes
            guess = did_you_mean(given.text, known) or f"; write one of {', '.join(known[:8])} …"
            self.facts.note(given, f"{printable(given.text)!r} is no class of the ontology{guess}")
            return None
        return LP + given.text

    def _property(self, key: Scalar, cls: str | None) -> Property | None:
        prop = self.ontology.properties.get(key.text)
        if prop is None:
            known = [p.name for p in (self.ontology.properties_of(cls) if cls else self.ontology.properties.values())]
            guess = did_you_mean(key.text, known) or "; declare it in the ontology, or see pacts schema"
            self.facts.note(key, f"unknown property {printable(key.text)!r}{guess}")
        elif prop.derived:
            self.facts.note(key, f"{prop.name} is derived from other facts; leave it out")
            return None
        return prop

    def _placing(self, about: str, prop: Property, node: Node, language: str | None = None) -> None:
        nodes = node.items if isinstance(node, Sequence) and not prop.functional else (node,)
        for item in nodes:
            if not isinstance(item, Scalar):
                self.facts.note(item, f"{prop.name} is written as a bare value; it needs no source")
            elif not item.empty:
                if prop.takes_thing and prop.range == SOURCE_CLASS:
                    item = Scalar(item.line, item.column, f"source/{item.text}", item.plain)
                if (term := self._term(item, prop, language)) is not None:
                    self.facts.placings.append(Placing(about, prop.name, term))

    def _values(self, about: str, prop: Property, node: Node) -> None:
        if isinstance(node, Mapping) and node.get("value") is not None:
            self._long(about, prop, node)
        elif isinstance(node, Mapping):
            if not node.pairs:
                self.facts.note(node, f"{prop.name} has no value; write value: [source], or leave the line out")
            for value, sources in node.pairs:
                if isinstance(sources, Mapping):
                    self._long(about, prop, sources, value)
                elif (term := self._term(value, prop, None)) is not None:
                    self._claim(about, prop, term, sources, value)
        elif isinstance(node, Sequence):
            for item in node.items:
                if isinstance(item, Mapping) and item.get("value") is not None:
                    self._long(about, prop, item)
                else:
                    self.facts.note(
                        item, f"{prop.name} lists values in the long form; write {{value: …, sources: […]}}"
                    )
        else:
            shown = printable(node.text, 30)
            self.facts.note(node, f"{prop.name} has a value without a source; write {prop.name}: {{{shown}: [source]}}")

    def _long(self, about: str, prop: Property, node: Mapping, value: Scalar | None = None) -> None:
        parts: dict[str, str] = {}
        for key, part in node.pairs:
            if key.text not in _LONG or (key.text == "value" and value is not None):
                self.facts.note(key, f"a value has no {printable(key.text)!r}; it has {', '.join(_LONG)}")
            elif key.text != "sources":
                if isinstance(part, Scalar):
                    if not part.empty:
                        parts[key.text] = part.text
                else:
                    self.facts.note(part, f"{key.text} is one text")
        given = value or node.get("value")
        if not isinstance(given, Scalar):
            return
        term = self._term(given, prop, parts.get("lang"))
        sources = node.get("sources")
        if sources is None:
            self.facts.note(given, f"{prop.name} has a value without a source; add sources: [source]")
        elif term is not None:
            self._claim(about, prop, term, sources, given, parts)

    def _claim(
        self, about: str, prop: Property, term: str, sources: Node, value: Scalar, parts: dict[str, str] | None = None
    ) -> None:
        if not isinstance(sources, Sequence):
            self.facts.note(sources, f"the sources of {printable(value.text, 30)} are a list; write [source]")
            return
        if not sources.items:
            self.facts.note(sources, f"{printable(value.text, 30)} has no source; name at least one")
        parts = parts or {}
        seen = set()
        for item in sources.items:
            own = dict(parts)
            slug: Node | None = item
            if isinstance(item, Mapping):
                slug = item.get("id")
                for key, part in item.pairs:
                    if key.text not in _ITEM or not isinstance(part, Scalar):
                        self.facts.note(key, f"a source here has no {printable(key.text)!r}; it has {', '.join(_ITEM)}")
                    elif not part.empty:
                        own[key.text] = part.text
            if not isinstance(slug, Scalar) or slug.empty:
                self.facts.note(item, "a source is named by its key, or by {id: key, locator: …}")
                continue
            if slug.text in seen and not isinstance(item, Mapping):
                self.facts.note(slug, f"source {printable(slug.text)} is named twice for one value; name it once")
                continue
            seen.add(slug.text)
            source = f"source/{slug.text}"
            self.facts.sources_used.setdefault(source, Place(slug.line, slug.column))
            self.facts.claims.append(
                Claim(about, prop.name, term, source, own.get("printed"), own.get("locator"), own.get("note"))
            )

    def _term(self, node: Scalar, prop: Property, language: str | None) -> str | None:
        if node.empty:
            self.facts.note(node, f"{prop.name} has an empty value; write it, or leave the line out")
            return None
        try:
            term = to_term(node.text, prop, self.ontology, language)
        except ValueError as error:
            self.facts.note(node, str(error))
            return None
        if prop.takes_thing and term.startswith(f"<{terms.ID}"):
            self.facts.uses.append(Use(lexical(term), prop.name, Place(node.line, node.column)))
        return term

    def rulings(self, node: Node) -> None:
        items = node.items if isinstance(node, Sequence) else ()
        if not isinstance(node, Sequence) and not (isinstance(node, Scalar) and node.empty):
            self.facts.note(node, "adjudications is a list; begin each with - {about: …, property: …}")
        for item in items:
            if isinstance(item, Mapping):
                self._ruling(item)
            else:
                self.facts.note(item, "an adjudication holds about, property, accept or reject, reason and note")

    def _ruling(self, node: Mapping) -> None:
        parts: dict[str, Scalar] = {}
        for key, value in node.pairs:
            if key.text not in _RULING or not isinstance(value, Scalar):
                self.facts.note(key, f"an adjudication has no {printable(key.text)!r}; it has {', '.join(_RULING)}")
            else:
                parts[key.text] = value
        for wanted in ("about", "property", "reason"):
            if wanted not in parts:
                self.facts.note(node, f"this adjudication has no {wanted}; add it")
                return
        prop = self._property(parts["property"], None)
        reason = parts["reason"]
        reasons = [key for key in self.ontology.concepts if key.startswith("reason/")]
        reason_key = reason.text if reason.text in reasons else f"reason/{reason.text}"
        if reason_key not in reasons:
            known = [key.removeprefix("reason/") for key in reasons]
            guess = did_you_mean(reason.text, known) or f"; write one of {', '.join(sorted(known))}"
            self.facts.note(reason, f"{printable(reason.text)!r} is no reason{guess}")
            return
        if prop is None:
            return
        chosen = [name for name in ("accept", "reject") if name in parts and not parts[name].empty]
        if len(chosen) == 2:
            self.facts.note(
                parts["reject"], "an adjudication accepts one value or rejects one; write two adjudications"
            )
            return
        if not chosen and reason_key != "reason/undetermined":
            self.facts.note(
                node, "this adjudication neither accepts nor rejects; name the value, or give reason: undetermined"
            )
            return
        found = {name: self._term(parts[name], prop, None) for name in chosen}
        if None in found.values():
            return
        about = parts["about"]
        note = parts["note"].text if "note" in parts and not parts["note"].empty else None
        ruling = Ruling(about.text, prop.name, found.get("accept"), found.get("reject"), reason_key, note)
        self.facts.rulings.append((ruling, Place(about.line, about.column)))
