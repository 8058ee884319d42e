"""From ontology/mappings/*.sssom.tsv to the alignment of the ontology's terms with those of other vocabularies.

A mapping set is a table in the format of SSSOM (https://w3id.org/sssom): a header in YAML behind # signs, a line of
column names, then a mapping a line. Links between things, and not between terms, are read by links.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph_builder.ontology import Ontology
from graph_builder.problems import BadInputError, Problem, did_you_mean, printable

SUFFIX = ".sssom.tsv"
HEADER = (
    "mapping_set_id",
    "mapping_set_title",
    "mapping_set_description",
    "license",
    "mapping_set_version",
    "curie_map",
)
COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "author_label", "mapping_date", "confidence", "comment",
)  # fmt: skip
#: How a term of ours can relate to another's. No equivalence: it would import what their file says.
PREDICATES = (
    "skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch",
    "rdfs:subClassOf", "rdfs:subPropertyOf",
)  # fmt: skip
JUSTIFICATION = "semapv:ManualMappingCuration"
ALIGNMENT_FILE = "ontology-alignment.ttl"


@dataclass(frozen=True, slots=True)
class TermMapping:
    """One mapping: IRIs of our term, of the relation and of the other term, and how sure it is, from 0 to 1."""

    subject: str
    predicate: str
    object: str
    confidence: float
    file: str
    line: int

    @property
    def n_triple(self) -> str:
        """Return the mapping as a line of N-Triples."""
        return f"<{self.subject}> <{self.predicate}> <{self.object}> ."


def alignment_lines(folder: Path, ontology: Ontology) -> list[str]:
    """Return the mappings of a folder as sorted lines of N-Triples; raises BadInputError with every problem."""
    return sorted({mapping.n_triple for mapping in read_mappings(folder, ontology)})


def read_mappings(folder: Path, ontology: Ontology) -> list[TermMapping]:
    """Read every mapping set of a folder and check each row; raises BadInputError with every problem."""
    problems: list[Problem] = []
    found = [m for path in sorted(folder.glob(f"*{SUFFIX}")) for m in _read_set(path, ontology, problems)]
    seen: dict[tuple[str, str], TermMapping] = {}
    for mapping in found:
        first = seen.setdefault((mapping.subject, mapping.object), mapping)
        if first is not mapping:
            before = f"{Path(first.file).name}:{first.line}"
            problems.append(
                Problem(mapping.file, mapping.line, 1, f"these two are mapped already in {before}; keep one")
            )
    if problems:
        raise BadInputError(problems)
    return found


def _read_set(path: Path, ontology: Ontology, problems: list[Problem]) -> Iterator[TermMapping]:
    lines = path.read_text(encoding="utf-8").splitlines()
    height = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = _prefixes(path, lines[:height], problems)
    if height == len(lines) or tuple(lines[height].split("\t")) != COLUMNS:
        problems.append(Problem(str(path), height + 1, 1, f"the columns are {', '.join(COLUMNS)}, divided by tabs"))
        return
    for number, line in enumerate(lines[height + 1 :], height + 2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            problems.append(Problem(str(path), number, 1, f"{len(cells)} cells under {len(COLUMNS)} column names"))
            continue
        row = dict(zip(COLUMNS, cells, strict=True))
        wrong = list(_wrong(row, prefixes, ontology))
        problems.extend(Problem(str(path), number, 1, message) for message in wrong)
        if not wrong:
            subject, predicate, target = (
                _expand(row[column], prefixes) or "" for column in ("subject_id", "predicate_id", "object_id")
            )
            yield TermMapping(subject, predicate, target, float(row["confidence"]), str(path), number)


def _prefixes(path: Path, header: list[str], problems: list[Problem]) -> dict[str, str]:
    import yaml

    from graph_builder.plain_yaml import load_plain

    try:
        told = load_plain("\n".join(line[1:] for line in header))
    except yaml.YAMLError:
        told = None
    if not isinstance(told, dict) or tuple(told) != HEADER or not isinstance(told["curie_map"], dict):
        problems.append(Problem(str(path), 1, 1, f"the header is YAML behind # signs: {', '.join(HEADER)}"))
        return {}
    if told["mapping_set_id"] != f"https://w3id.org/logistics-pacts/mappings/{path.name}":
        wanted = f"https://w3id.org/logistics-pacts/mappings/{path.name}"
        problems.append(Problem(str(path), 1, 1, f"mapping_set_id is {wanted}, as the file is called"))
    return {str(prefix): str(base) for prefix, base in told["curie_map"].items()}


def _expand(curie: str, prefixes: Mapping[str, str]) -> str | None:
    prefix, colon, rest = curie.partition(":")
    return prefixes[prefix] + rest if colon and rest and prefix in prefixes else None


def _wrong(row: Mapping[str, str], prefixes: Mapping[str, str], ontology: Ontology) -> Iterator[str]:
    """Yield what is wrong with one row."""
    for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        if _expand(row[column], prefixes) is None:
            yield f"{column} {printable(row[column])!r} is no prefix of curie_map and a name after it"
    subject = _expand(row["subject_id"], prefixes)
    if subject is not None and subject not in ontology.labels:
        guess = did_you_mean(subject, ontology.labels)
        yield f"{printable(row['subject_id'])} is no term of the ontology{guess}"
    elif subject is not None and row["subject_label"] != ontology.labels[subject]:
        yield f"the label of {row['subject_id']} is {ontology.labels[subject]!r}"
    if row["predicate_id"] not in PREDICATES:
        yield f"predicate_id is one of {', '.join(PREDICATES)}"
    if row["mapping_justification"] != JUSTIFICATION:
        yield f"mapping_justification is {JUSTIFICATION}: a person judged every mapping"
    try:
        sure = 0 < float(row["confidence"]) <= 1
    except ValueError:
        sure = False
    if not sure:
        yield f"confidence {printable(row['confidence'])!r} is no number above 0 and up to 1"
    if not row["object_label"]:
        yield "object_label is empty; copy the other term's label"
