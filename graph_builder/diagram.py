"""The picture of the model: the main classes and the properties that join them, as Mermaid text and as SVG.

Which classes and properties it shows, and where, is chosen here; that each joins what it is said to join is read from
the ontology, and a picture that the ontology no longer bears out is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from graph_builder.ontology import Ontology
from graph_builder.terms import LP

#: Class → column and row of its box.
BOXES = {
    "Office": (0, 0), "Person": (1, 0), "Instrument": (2, 0), "Source": (4, 0),
    "SignatoryRole": (1, 1), "Signature": (2, 1), "Use": (3, 1), "Claim": (4, 1),
    "Party": (0, 2), "Pact": (2, 2), "SupportCategory": (3, 2), "Adjudication": (4, 2),
    "Facility": (0, 3), "FacilityAccess": (1, 3), "Term": (2, 3), "Limit": (3, 3),
}  # fmt: skip
#: From which class, by which property, to which class.
EDGES = (
    ("Pact", "party", "Party"), ("Pact", "covers", "SupportCategory"),
    ("Signature", "pact", "Pact"), ("Signature", "instrument", "Instrument"),
    ("SignatoryRole", "signature", "Signature"), ("SignatoryRole", "person", "Person"),
    ("SignatoryRole", "office", "Office"), ("SignatoryRole", "party", "Party"),
    ("FacilityAccess", "pact", "Pact"), ("FacilityAccess", "facility", "Facility"), ("FacilityAccess", "host", "Party"),
    ("Term", "pact", "Pact"), ("Limit", "pact", "Pact"), ("Use", "pact", "Pact"),
    ("Claim", "source", "Source"), ("Adjudication", "used", "Claim"),
)  # fmt: skip

_COLUMN, _ROW, _WIDTH, _HEIGHT, _MARGIN = 190, 110, 130, 34, 20


def mermaid(ontology: Ontology) -> str:
    """Return the picture as a Mermaid class diagram."""
    lines = ["classDiagram", "    direction LR", *(f"    class {name}" for name in BOXES)]
    lines += [f"    {start} --> {end} : {prop}" for start, prop, end in checked(ontology)]
    return "\n".join(lines) + "\n"


def svg(ontology: Ontology) -> str:
    """Return the picture as SVG that loads nothing and stands in an HTML page."""
    width = max(x for x, _ in BOXES.values()) * _COLUMN + _WIDTH + 2 * _MARGIN
    height = max(y for _, y in BOXES.values()) * _ROW + _HEIGHT + 2 * _MARGIN
    edges = "".join(_edge(*edge) for edge in checked(ontology))
    boxes = "".join(_box(name, ontology.labels[LP + name]) for name in BOXES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="The main classes and how they are joined" '
        f'viewBox="0 0 {width} {height}" style="max-width:{width}px;width:100%;font:12px sans-serif">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>'
        f"{edges}{boxes}</svg>\n"
    )


def checked(ontology: Ontology) -> Iterator[tuple[str, str, str]]:
    """Yield each edge; raises ValueError for one that the ontology does not bear out."""
    for start, name, end in EDGES:
        prop = ontology.properties.get(name)
        above = ontology.superclasses.get(LP + start, frozenset())
        fits = prop is not None and prop.range == LP + end and (not prop.classes or bool(prop.classes & above))
        if not fits:
            raise ValueError(f"the ontology has no property {name} from {start} to {end}; correct EDGES")
        yield start, name, end


def _centre(name: str) -> tuple[float, float]:
    x, y = BOXES[name]
    return _MARGIN + x * _COLUMN + _WIDTH / 2, _MARGIN + y * _ROW + _HEIGHT / 2


def _box(name: str, label: str) -> str:
    x, y = _centre(name)
    return (
        f'<a href="#{name}"><title>{escape(label)}</title>'
        f'<rect x="{x - _WIDTH / 2:g}" y="{y - _HEIGHT / 2:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="4" '
        f'fill="#fff" stroke="#333"/><text x="{x:g}" y="{y + 4:g}" text-anchor="middle">{name}</text></a>'
    )


def _edge(start: str, name: str, end: str) -> str:
    (x1, y1), (x2, y2) = _centre(start), _centre(end)
    dx, dy = x2 - x1, y2 - y1
    cut = min(_WIDTH / 2 / abs(dx) if dx else 1, _HEIGHT / 2 / abs(dy) if dy else 1)
    x1, y1, x2, y2 = x1 + dx * cut, y1 + dy * cut, x2 - dx * cut, y2 - dy * cut
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#555" marker-end="url(#tip)"/>'
        f'<text x="{(x1 + x2) / 2:g}" y="{(y1 + y2) / 2 - 3:g}" text-anchor="middle" fill="#555" '
        f'stroke="#fff" stroke-width="3" paint-order="stroke">{name}</text>'
    )
