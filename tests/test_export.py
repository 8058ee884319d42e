"""Exports: each read back by a program that is not ours, the same bytes twice, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import frictionless
import networkx as nx
import openpyxl
import polars
import pyarrow.parquet
import pytest

from graph_builder import PactGraph, Rows
from graph_builder.datapackage import datapackage
from graph_builder.export import FORMATS, export
from graph_builder.problems import UsageError
from graph_builder.workbook import workbook
from tests.conftest import pacts

TABLES = ("actions", "claims", "facilities", "facility-access", "pacts", "signatories", "sources")


# ---------------------------------------------------------------- networks


@pytest.mark.parametrize("name", ["partner", "facility", "signatory", "source"])
@pytest.mark.parametrize(("format", "read"), [("gexf", nx.read_gexf), ("graphml", nx.read_graphml)])
def test_networks_are_read_back(
    graph: PactGraph, tmp_path: Path, name: str, format: str, read: Callable[[Path], nx.Graph[str]]
) -> None:
    ours = graph.network(name)
    theirs = read(export(graph, format, tmp_path / "network", name) or Path())
    assert set(theirs.nodes) == set(ours.nodes)
    assert {frozenset(edge) for edge in theirs.edges} == {frozenset(edge) for edge in ours.edges}
    for key, data in ours.nodes(data=True):
        assert theirs.nodes[key]["label"] == data["label"]
        assert theirs.nodes[key]["kind"] == data["kind"]
    for one, other, data in ours.edges(data=True):
        held = {k: v.isoformat() if isinstance(v, date) else v for k, v in data.items()}
        assert {k: v for k, v in theirs.edges[one, other].items() if k in held} == held


def test_a_networks_tables_are_described_and_valid(graph: PactGraph, tmp_path: Path) -> None:
    folder = export(graph, "csv", tmp_path / "tables", "partner", {"standing": "strict"})
    assert folder
    names = {path.stem for path in folder.glob("*.csv")}
    assert names == {
        "summary", "nodes", "edges", "centrality", "communities", "triangles", "missing-sides", "growth"
    }  # fmt: skip
    assert_valid(folder)
    fields = [
        field
        for r in json.loads((folder / "datapackage.json").read_text())["resources"]
        for field in r["schema"]["fields"]
    ]
    assert all(field.get("description") for field in fields)


def assert_valid(folder: Path) -> None:
    """Check a data package as Frictionless does: structure, types, keys and references, sizes and checksums."""
    told = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert told.valid, told.flatten(["title", "rowNumber", "fieldName", "message"])[:5]
    assert {task.name for task in told.tasks} == {path.stem for path in folder.glob("*.csv")}
    assert all(task.stats["rows"] for task in told.tasks)


# ---------------------------------------------------------------- tables


def test_the_data_package_describes_every_column_of_the_tables(graph: PactGraph, tmp_path: Path) -> None:
    folder = export(graph, "csv", tmp_path / "tables")
    assert folder
    assert {path.stem for path in folder.glob("*.csv")} >= set(TABLES)
    assert_valid(folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            assert [field["name"] for field in resource["schema"]["fields"]] == next(csv.reader(file))
        if resource["name"] in TABLES:
            assert resource["description"]
            assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_data_package_finds_what_is_wrong(graph: PactGraph, tmp_path: Path) -> None:
    folder = export(graph, "csv", tmp_path / "tables") or Path()
    with (folder / "actions.csv").open("a", encoding="utf-8") as file:
        file.write("x,pact/none,Signature,x,2020,not a date,,\n")
    datapackage(folder)
    told = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert {error.type for task in told.tasks for error in task.errors} == {"foreign-key", "type-error"}


def test_the_workbook_holds_every_table_with_its_types(graph: PactGraph, built: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export(graph, "xlsx", tmp_path / "pacts.xlsx") or "")
    assert set(book.sheetnames) >= set(TABLES)
    for name in TABLES:
        with (built / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert [cell.value for cell in book[name][1]] == rows[0]
        assert book[name].max_row == len(rows)
    kinds = {
        cell.data_type for row in book["facilities"].iter_rows(min_row=2) for cell in row if cell.value is not None
    }
    assert kinds == {"s", "n"}
    columns = [cell.value for cell in book["actions"][1]]
    assert {
        cell.is_date for cell in book["actions"][2:50] for cell in [cell[columns.index("earliest")]] if cell.value
    } == {True}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "\t=1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    content = workbook({"t": Rows([text], [(text,)])}, text, date(2026, 1, 1))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["t"]
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.value == text
        assert cell.data_type == "s"
    inside = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in inside
    assert "<f " not in inside


def test_the_workbook_takes_any_text_and_any_day() -> None:
    rows = Rows(["a", "b"], [("bell\x07", date(1850, 1, 1)), ("x" * 40_000, date(1950, 1, 1)), (None, True)])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook({"t": rows}, "t", date(2026, 1, 1))))["t"]
    assert sheet["A2"].value == "bell\ufffd"
    assert sheet["B2"].value == "1850-01-01"
    assert len(sheet["A3"].value) == 32_767
    assert sheet["B4"].value is True


def test_parquet_is_read_by_two_readers(graph: PactGraph, built: Path, tmp_path: Path) -> None:
    folder = export(graph, "parquet", tmp_path / "parquet") or Path()
    for name in TABLES:
        table = pyarrow.parquet.read_table(folder / f"{name}.parquet")
        assert polars.read_parquet(folder / f"{name}.parquet").height == table.num_rows
        assert (
            table.num_rows == sum(1 for _ in csv.reader((built / "tables" / f"{name}.csv").open(encoding="utf-8"))) - 1
        )
    schema = pyarrow.parquet.read_schema(folder / "facilities.parquet")
    assert str(schema.field("latitude").type) == "double"
    assert str(pyarrow.parquet.read_schema(folder / "actions.parquet").field("earliest").type) == "date32[day]"


# ---------------------------------------------------------------- facilities


def test_geojson_keeps_to_rfc_7946(graph: PactGraph, tmp_path: Path) -> None:
    path = export(graph, "geojson", tmp_path / "f.geojson") or Path()
    collection = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda name: pytest.fail(name))
    assert set(collection) == {"type", "features"}  # no crs, which RFC 7946 took out
    assert collection["type"] == "FeatureCollection"
    assert len({feature["id"] for feature in collection["features"]}) == len(collection["features"])
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert set(feature) == {"type", "id", "geometry", "properties"}
        if feature["geometry"] is not None:
            assert set(feature["geometry"]) == {"type", "coordinates"}
            longitude, latitude = feature["geometry"]["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
    count = graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?f a lp:Facility }")[0].n
    assert len(collection["features"]) == count
    located = graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?f a lp:Facility ; lp:latitude ?y ; lp:longitude ?x }")[0].n
    assert sum(feature["geometry"] is not None for feature in collection["features"]) == located
    may_use = graph.query("SELECT DISTINCT ?f WHERE { ?party lp:mayUse ?f }").column("f")
    assert {f["id"] for f in collection["features"] if f["properties"]["mayUse"]} == set(may_use)


def test_refused_and_drafted_accesses_open_nothing(small: PactGraph, tmp_path: Path) -> None:
    path = export(small, "geojson", tmp_path / "f.geojson") or Path()
    found = {feature["id"]: feature for feature in json.loads(path.read_text(encoding="utf-8"))["features"]}
    port, base = found["facility/port"], found["facility/base"]
    assert port["geometry"] == {"type": "Point", "coordinates": [-20.25, 10.5]}
    assert port["properties"]["mayUse"] == "Beland"
    assert port["properties"]["pacts"] == "A-B fuel pact; A-B pact"
    assert base["geometry"] is None
    assert base["properties"]["mayUse"] == ""
    told = {access["party"]: access for access in base["properties"]["accesses"]}
    assert told["party/c"]["refused"] is True
    assert told["party/b"]["draft"] == "2000"


# ---------------------------------------------------------------- years and Wikidata


def test_dyad_years_are_whole_and_strict_is_within_broad(graph: PactGraph, tmp_path: Path) -> None:
    table = polars.read_csv(export(graph, "dyad-year", tmp_path / "years.csv") or "")
    years = table["year"].unique().sort().to_list()
    assert years == list(range(years[0], graph.as_of.year + 1))
    assert table.height == len(years) * table.select("one", "other").unique().height
    assert table.select("one", "other", "year").unique().height == table.height
    assert table.filter(polars.col("one") >= polars.col("other")).height == 0
    assert table.filter(polars.col("strict") > polars.col("broad")).height == 0
    assert table.filter((polars.col("broadPacts") > 0) != (polars.col("broad") == 1)).height == 0
    relos = table.filter((polars.col("one") == "party/india") & (polars.col("other") == "party/russia"))
    first = {
        column: relos.filter(polars.col(f"{column}Keys").str.contains("pact/relos"))["year"].min()
        for column in ("strict", "broad")
    }
    assert first == {"strict": 2026, "broad": 2025}


def test_dyad_years_agree_with_in_force_on(graph: PactGraph) -> None:
    from graph_builder.dyad import dyad_years

    rows = dyad_years(graph)
    for year in (2016, 2020, 2025):
        broad, strict = set[str](), set[str]()
        for row in rows:
            if row.year == year and "party/india" in (row.one, row.other):
                broad |= set(row.broadKeys.split())
                strict |= set(row.strictKeys.split())
        days = [graph.query("in-force-on", date=f"{year}-{day}", party="india") for day in ("01-01", "12-31")]
        on_a_day = {row.pact for found in days for row in found}
        assert on_a_day <= broad
        assert {row.pact for found in days for row in found if row.strict} <= strict


ITEM, STATEMENT = r"(LAST|Q[1-9][0-9]*)", r"Q[1-9][0-9]*"
MOMENT = r"\+[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z/(9|10|11)"
COMMAND = re.compile(
    rf'CREATE|LAST\t(Len|Den)\t"[^"\t]{{1,250}}"'
    rf'|{ITEM}\t(P1891|P6193)\t{STATEMENT}(\tP585\t{MOMENT})?\tS854\t"https?://[^"\t]+"(\t!S854\t"https?://[^"\t]+"){{0,2}}'
)


def test_quickstatements_hold_to_the_format_and_to_known_items(graph: PactGraph, tmp_path: Path) -> None:
    lines = (export(graph, "quickstatements", tmp_path / "q.txt") or Path()).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not COMMAND.fullmatch(line)] == []
    matched = {
        row.item.rpartition("/")[2]
        for row in graph.query("SELECT ?item WHERE { ?thing skos:exactMatch ?item }")
        if row.item.startswith("http://www.wikidata.org/entity/")
    }
    used = {item for line in lines for item in re.findall(r"\t(Q[0-9]+)", line)}
    assert used <= matched
    urls = set(graph.query("SELECT ?url WHERE { ?source lp:url ?url }").column("url"))
    assert {url for line in lines for url in re.findall(r'S854\t"([^"]+)"', line)} <= urls
    created = [place for place, line in enumerate(lines) if line == "CREATE"]
    assert len(created) > 100
    assert all(lines[place + 1].startswith("LAST\tLen") for place in created)


def test_a_pacts_commands_bear_the_date_that_its_sources_state(graph: PactGraph, tmp_path: Path) -> None:
    text = (export(graph, "quickstatements", tmp_path / "q.txt") or Path()).read_text(encoding="utf-8")
    block = next(block for block in text.split("CREATE\n") if '\t"RELOS"\n' in block)
    assert '"logistics-support pact between India and Russia"' in block
    for party in ("Q668", "Q159"):
        assert f"LAST\tP1891\t{party}\tP585\t+2025-02-18T00:00:00Z/11\tS854\t" in block


def test_without_matches_there_is_nothing_to_tell_wikidata(small: PactGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="matched to Wikidata"):
        export(small, "quickstatements", tmp_path / "q.txt")
    assert not (tmp_path / "q.txt").exists()


# ---------------------------------------------------------------- all of them


def contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_the_bytes_are_the_same_under_any_hash_seed(built: Path, tmp_path: Path, format: str) -> None:
    found: list[dict[str, bytes]] = []
    for seed in ("0", "4242"):
        run = pacts("export", "--to", format, "-o", tmp_path / "out", dist=built, PYTHONHASHSEED=seed)
        assert run.returncode == 0, run.stderr
        assert run.stdout == f"wrote {tmp_path / 'out'}\n"
        found.append(contents(tmp_path / "out"))
        shutil.rmtree(tmp_path / "out") if (tmp_path / "out").is_dir() else (tmp_path / "out").unlink()
    assert found[0] == found[1]


def test_standard_output_and_the_names_of_files(built: Path, tmp_path: Path) -> None:
    run = pacts("export", "--to", "dyad-year", "--param", "class=FuelPact", "-o", "-", dist=built)
    assert run.stdout.startswith("one,other,oneLabel")
    assert "wrote" not in run.stdout
    run = pacts("export", "--to", "gexf", "--network", "facility", dist=built, cwd=tmp_path)
    assert run.stdout == "wrote pacts-facility.gexf\n", run.stderr
    assert (tmp_path / "pacts-facility.gexf").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "gefx"), "did you mean gexf?"),
        (("--to", "gexf", "--network", "partners"), "did you mean partner?"),
        (("--to", "gexf", "--param", "plurilateral=maybe"), "plurilateral is one of node, pairs, out"),
        (("--to", "geojson", "--network", "partner"), "geojson is not of a network"),
        (("--to", "xlsx", "--param", "class=FuelPact"), "--network"),
        (("--to", "dyad-year", "--param", "date=2020-01-01"), "it has: class"),
        (("--to", "csv", "-o", "-"), "name it with -o"),
        (("--to", "gexf", "-o", "no/such/folder/x.gexf"), "cannot be written"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    built: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    run = pacts("export", *arguments, dist=built, cwd=tmp_path)
    assert run.returncode == 2
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_a_missing_extra_is_told_in_one_line(graph: PactGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    missing: dict[str, Any] = {"openpyxl": ("xlsx", "xlsx"), "polars": ("parquet", "parquet")}
    for module, (format, extra) in missing.items():
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(UsageError, match=rf"pip install 'logistics-pacts\[{extra}\]'"):
            export(graph, format, tmp_path / "out")
