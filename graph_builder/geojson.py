"""Facilities as GeoJSON (RFC 7946), with who may use each by which pact."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from graph_builder.locate import home
from graph_builder.rows import Row

if TYPE_CHECKING:
    from graph_builder.api import PactGraph

_PLAIN = ("country", "kinds", "positionBasis")


def facilities(graph: PactGraph) -> str:
    """Return a FeatureCollection with a feature for each facility, in the order of keys, a line each.

    The geometry is a point in longitude and latitude, or null where no coordinates are accepted. ``mayUse`` and
    ``pacts`` name those that an access opens the facility to and the pacts that do so, with a semicolon between, as
    a map can show; refused and drafted accesses stand only in ``accesses``, with all details.
    """
    rows = graph.query(home() / "queries" / "exports" / "facilities.rq")
    features = [
        json.dumps(_feature(str(key), list(found)), ensure_ascii=False)
        for key, found in groupby(rows, key=lambda row: row.facility)
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _feature(key: str, rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    located = first.longitude is not None and first.latitude is not None
    accesses = [_access(row) for row in rows if row.pact]
    held = [access for access in accesses if not access["refused"] and "draft" not in access]
    properties = {"key": key, "name": first.label} | {name: first[name] for name in _PLAIN if first[name]}
    properties["mayUse"] = "; ".join(sorted({access["partyName"] for access in held}))
    properties["pacts"] = "; ".join(sorted({access["pactName"] for access in held}))
    properties["accesses"] = accesses
    return {
        "type": "Feature",
        "id": key,
        "geometry": {"type": "Point", "coordinates": [first.longitude, first.latitude]} if located else None,
        "properties": properties,
    }


def _access(row: Row) -> dict[str, Any]:
    access = {
        "party": row.party,
        "partyName": row.partyLabel,
        "pact": row.pact,
        "pactName": row.pactLabel,
        "basis": row.basis,
        "draft": row.draft,
        "refused": bool(row.refused),
    }
    return {name: value for name, value in access.items() if value is not None}
