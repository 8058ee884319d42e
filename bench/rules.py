"""Our rules on the accepted facts beside the OWL RL rules of owlrl: ``python -m bench.rules ours|owlrl pacts.nt``."""

from __future__ import annotations

import sys
from pathlib import Path

from graph_builder.terms import ID

APART = (f"<{ID}adjudication/", f"<{ID}claim/")


def accepted(graph: Path) -> list[str]:
    """Return the lines of a graph without claims and adjudications, which rules do not need."""
    with graph.open(encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines if not line.startswith(APART)]


if __name__ == "__main__":
    given = accepted(Path(sys.argv[2]))
    if sys.argv[1] == "ours":
        from graph_builder.infer import infer
        from graph_builder.locate import home
        from graph_builder.ontology import load_ontology

        made = len(set(infer(given, home() / "ontology" / "rules", load_ontology(home() / "ontology").prefixes)))
    else:
        import owlrl
        import rdflib

        graph = rdflib.Graph()
        graph.parse(data="\n".join(given), format="nt")
        before = len(graph)
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        made = len(graph) - before
    print(made)
