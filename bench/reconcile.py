"""Measure the proposing of links by leaving out known ones: ``python -m bench.reconcile``."""

from __future__ import annotations

import sys
import time

from graph_builder.gazetteers import PACKAGES
from graph_builder.link_rules import load_rules
from graph_builder.links import read_links
from graph_builder.locate import home
from graph_builder.ontology import load_ontology
from graph_builder.read import read_facts
from graph_builder.reconcile import Matcher, leave_out

PRECISION, RECALL = 0.98, 0.85


def main() -> None:
    place = home()
    ontology, rules = load_ontology(place / "ontology"), load_rules(place / "ontology")
    facts = read_facts(place / "facts", ontology)
    links = read_links(place / "facts" / "links", facts, ontology, rules)
    print("| gazetteer | entries | known | proposed | right | precision | recall | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    below = False
    for name in PACKAGES:
        start = time.perf_counter()
        gazetteer = PACKAGES[name]()
        trial = leave_out(Matcher(gazetteer, rules, ontology), facts, links)
        seconds = time.perf_counter() - start
        print(
            f"| {name} | {len(gazetteer.entries):,} | {trial.known} | {trial.proposed} | {trial.right} "
            f"| {trial.precision:.3f} | {trial.recall:.3f} | {seconds:.1f} |",
            flush=True,
        )
        below = below or trial.precision < PRECISION or trial.recall < RECALL
        for line in trial.wrong:
            print(f"  wrong: {line}", file=sys.stderr)
        if "-v" in sys.argv:
            print(f"  missed: {', '.join(trial.missed)}", file=sys.stderr)
    sys.exit(f"below precision {PRECISION} at recall {RECALL}" if below else 0)


if __name__ == "__main__":
    main()
