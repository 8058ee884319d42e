"""A JSON Schema of the fact files, made from the ontology, for editors that complete and check as people type."""

from __future__ import annotations

from typing import Any

from graph_builder.file_facts import SOURCE_CLASS
from graph_builder.ontology import Ontology, Property
from graph_builder.terms import LP, XSD
from graph_builder.values import CONCEPT

_KEY = r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+$"
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def fact_schema(ontology: Ontology) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a fact file, as a dict ready for json.dumps."""
    definitions = {cls: _subject(cls, ontology) for cls in ontology.subject_classes}
    properties = {
        f"property-{p.name}": _placing(p, ontology) if p.placing else _claimed(p, ontology)
        for p in sorted(ontology.properties.values(), key=lambda p: p.name)
        if not p.derived
    }
    branches = [
        {"if": {"properties": {"type": {"const": cls}}}, "then": {"$ref": f"#/$defs/{cls}"}} for cls in definitions
    ]
    subject = {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": list(definitions), "description": "The class of the subject."}},
        "allOf": branches,
    }
    source_fields = [p for p in ontology.properties_of(SOURCE_CLASS) if SOURCE_CLASS in p.classes]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/logistics-pacts/facts.schema.json",
        "title": "A fact file of the logistics-pacts graph",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "sources": {
                "type": ["object", "null"],
                "propertyNames": {"pattern": _SLUG},
                "additionalProperties": {
                    "type": "object",
                    "required": ["publisher", "tier"],
                    "additionalProperties": False,
                    "properties": {_kebab(p.name): _placing(p, ontology) for p in source_fields},
                },
            },
            "subjects": {
                "type": ["object", "null"],
                "propertyNames": {"pattern": _KEY},
                "additionalProperties": {"$ref": "#/$defs/subject"},
            },
            "adjudications": {"type": ["array", "null"], "items": {"$ref": "#/$defs/adjudication"}},
        },
        "$defs": {
            "subject": subject,
            "sources": _sources(),
            "adjudication": _adjudication(ontology),
            **definitions,
            **properties,
        },
    }


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name)


def _sources() -> dict[str, Any]:
    long = {
        "type": "object",
        "required": ["id"],
        "additionalProperties": False,
        "properties": {name: {"type": "string"} for name in ("id", "printed", "locator", "note")},
    }
    return {
        "type": "array",
        "minItems": 1,
        "description": "Who says so: keys of sources.",
        "items": {"anyOf": [{"type": "string", "pattern": _SLUG}, long]},
    }


def _adjudication(ontology: Ontology) -> dict[str, Any]:
    reasons = sorted(key.removeprefix("reason/") for key in ontology.concepts if key.startswith("reason/"))
    text = {"type": ["string", "number", "boolean"]}
    return {
        "type": "object",
        "required": ["about", "property", "reason"],
        "additionalProperties": False,
        "properties": {
            "about": {"type": "string", "pattern": _KEY},
            "property": {"enum": sorted(p.name for p in ontology.properties.values() if not p.derived)},
            "accept": text,
            "reject": text,
            "reason": {"enum": reasons},
            "note": {"type": "string"},
        },
    }


def _subject(cls: str, ontology: Ontology) -> dict[str, Any]:
    properties: dict[str, Any] = {"type": {"const": cls}}
    for prop in sorted(ontology.properties_of(LP + cls), key=lambda p: p.name):
        if not prop.derived and SOURCE_CLASS not in prop.classes:
            properties[prop.name] = {"$ref": f"#/$defs/property-{prop.name}"}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _placing(prop: Property, ontology: Ontology) -> dict[str, Any]:
    value = _value(prop, ontology)
    if not prop.functional:
        value = {"anyOf": [value, {"type": "array", "items": value}]}
    return {"description": f"{prop.label}; needs no source", "anyOf": [value, {"type": "null"}]}


def _claimed(prop: Property, ontology: Ontology) -> dict[str, Any]:
    value = _value(prop, ontology)
    long = {
        "type": "object",
        "required": ["value", "sources"],
        "additionalProperties": False,
        "properties": {
            "value": {"anyOf": [value, {"const": "none"}]},
            **{name: {"type": "string"} for name in ("lang", "printed", "locator", "note")},
            "sources": {"$ref": "#/$defs/sources"},
        },
    }
    parts = {k: v for k, v in long["properties"].items() if k != "value"}  # type: ignore[attr-defined]
    said = {"anyOf": [{"$ref": "#/$defs/sources"}, {"type": "object", "required": ["sources"], "properties": parts}]}
    short: dict[str, Any] = {"type": "object", "minProperties": 1, "additionalProperties": said}
    if "enum" in value:
        short["propertyNames"] = {"enum": [*value["enum"], "none"]}
    return {"description": prop.label, "anyOf": [short, long, {"type": "array", "items": long}]}


def _value(prop: Property, ontology: Ontology) -> dict[str, Any]:
    if prop.takes_thing:
        if prop.range and ontology.is_a(prop.range, CONCEPT):
            keys = sorted(key for key, cls in ontology.concepts.items() if ontology.is_a(cls, prop.range))
            return {"enum": [*keys, *(key.partition("/")[2] for key in keys)]}
        return {"type": "string"}
    name = (prop.range or "").removeprefix(XSD)
    if name == "boolean":
        return {"enum": ["true", "false", True, False]}
    if name == "integer":
        return {"type": ["integer", "string"]}
    datatype = ontology.datatypes.get(prop.range or "")
    if datatype and datatype.pattern:
        return {"type": ["string", "number"], "description": f"{datatype.label}, such as {datatype.example}"}
    return {"type": ["string", "number"]}
