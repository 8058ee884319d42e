"""The command as people use it: help, formats, wrong uses, and what a query must not load."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml

from graph_builder.cli import COMMANDS

from .conftest import ROOT, pacts


def test_why_names_the_rule_of_what_no_source_states(built: Path) -> None:
    told = pacts("why", "pact/relos", "status", dist=built).stdout
    assert "in force" in told
    assert "ontology/rules/50-status.rq" in told
    assert "by the editors" in pacts("why", "pact/relos/signature", "pact", dist=built).stdout


def test_help_stands_without_arguments_and_for_every_command() -> None:
    top = pacts()
    assert all(command in top.stdout for command in COMMANDS)
    for command in COMMANDS:
        told = pacts(command, "--help").stdout
        assert told.startswith(f"usage: pacts {command}")
        assert f"examples:\n  pacts {command}" in told


def test_output_is_plain_where_it_is_piped(built: Path) -> None:
    for arguments in (["show", "relos"], ["why", "pact/relos", "bindingness"], ["query", "signatories"], ["queries"]):
        run = pacts(*arguments, dist=built)
        assert run.returncode == 0, run.stderr
        assert "\x1b" not in run.stdout
        assert run.stderr == ""


def test_every_format_holds_the_signatories(built: Path) -> None:
    def told(format: str) -> str:
        run = pacts("query", "signatories", "--param", "pact=relos", "--format", format, dist=built)
        assert run.returncode == 0, run.stderr
        assert "Vinay Kumar" in run.stdout
        return run.stdout

    assert len(told("csv").splitlines()) == 3
    assert told("tsv").startswith("?pact\t")
    assert len(json.loads(told("json"))["results"]["bindings"]) == 2
    assert ElementTree.fromstring(told("xml")).tag.endswith("sparql")  # noqa: S314 - our own output
    assert told("md").splitlines()[1].startswith("| ---")
    assert told("table").splitlines()[1].startswith("---")
    run = pacts("query", "CONSTRUCT { ?p a lp:Pact } WHERE { ?p a lp:Pact }", "--format", "ttl", dist=built)
    assert "pact:relos a lp:Pact" in run.stdout


def test_a_query_comes_from_a_file_and_from_standard_input(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?label WHERE { pact:relos lp:label ?label }", encoding="utf-8")
    assert "RELOS" in pacts("query", path, dist=built).stdout
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PACTS_DIST": str(built)}
    command = [sys.executable, "-c", "from graph_builder.cli import main; main()", "query", "-"]
    run = subprocess.run(command, input=path.read_text(), capture_output=True, text=True, env=env, timeout=60)
    assert "RELOS" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["query", "signatorys"], "did you mean signatories?"),
        (["query", "why"], "needs --param subject="),
        (["query", "signatories", "--param", "pct=relos"], "did you mean pact?"),
        (["query", "signatories", "--param", "pact"], "is written NAME=VALUE"),
        (["query", "signatories", "--param", "pact=not a key"], "is the key of a thing"),
        (
            ["query", "signatories", "--format", "docx"],
            "argument --format/-f: no 'docx' here; it is one of table, csv,",
        ),
        (["qurey", "signatories"], "no command 'qurey'; did you mean query?"),
        (["query"], "required: NAME|FILE|-|SPARQL; see pacts query --help"),
        (["query", "signatories", "--dits", "x"], "unrecognized arguments: --dits x"),
        (["query", "signatories", "--limit", "none"], "'none' is no whole number above 0"),
        (["query", "signatories", "--limit", "0"], "'0' is no whole number above 0"),
        (["query", "signatories", "--timeout", "soon"], "'soon' is no number of seconds above 0"),
        (["query", "signatories", "--timeout", "nan"], "'nan' is no number of seconds above 0"),
        (["query", "signatories", "--timeout", "-1"], "'-1' is no number of seconds above 0"),
        (["query", "signatories", "--timeout", "inf"], "'inf' is no number of seconds above 0"),
        (["--install-completion", "tcsh"], "name the shell: pacts --install-completion bash, zsh or fish"),
        (["export", "--to", "gexf", "--network", "road"], "no 'road' here; it is one of partner,"),
        (["query", "SELECT ?x WHERE { ?x ?y }"], "line 1, column"),
        (["query", "SELECT ?x WHERE { ?x nosuch:y ?z }"], "not SPARQL: line 1, column 22: unknown prefix 'nosuch'"),
        (["query", "DELETE WHERE { ?s ?p ?o }"], "is an update"),
        (["query", "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }"], "--allow-service"),
        (["query", "nowhere/missing.rq"], "cannot be read"),
        (["query", "ASK { ?s ?p ?o }", "--dist", "/nonexistent"], "build it with: pacts build"),
        (["show", "atlantis"], "nothing is called"),
        (["show", "a"], "may mean"),
        (["why", "pact/relos", "colour"], "nothing is claimed"),
        (["build", "--as-of", "yesterday"], "is no day"),
        (["queries", "zzz"], "no query speaks of"),
    ],
)
def test_wrong_uses_give_one_line_and_status_2(arguments: list[str], told: str, built: Path) -> None:
    run = pacts(*arguments, dist=built)
    assert run.returncode == 2, run.stdout
    assert told in run.stderr
    assert len(run.stderr.splitlines()) == 1, run.stderr


def test_a_runaway_query_is_stopped(built: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d && ?c != ?g) }"
    run = pacts("query", text, "--timeout", "1", dist=built)
    assert run.returncode == 3
    assert "stopped after 1 s" in run.stderr


def test_a_query_loads_none_of_the_heavy_packages(built: Path) -> None:
    program = (
        "import sys; from graph_builder.cli import COMMANDS\n"
        "COMMANDS.run(['query', 'signatories'])\n"
        "heavy = {'rdflib', 'owlready2', 'pyshacl', 'pyvis', 'networkx', 'pydantic', 'numpy'} & set(sys.modules)\n"
        "print('heavy:', sorted(heavy))"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PACTS_DIST": str(built)}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env, timeout=60)
    assert "Vinay Kumar" in run.stdout
    assert run.stdout.endswith("heavy: []\n"), run.stdout[-200:]


def test_the_schema_accepts_the_shipped_facts_and_refuses_broken_ones() -> None:
    schema = json.loads(pacts("schema").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    # The validator takes a second for each hundred kilobytes: every third file, and the one that all imitate.
    for path in {
        *sorted((ROOT / "facts").rglob("*.yaml"))[::3],
        ROOT / "facts" / "pacts" / "mlsa-india-australia.yaml",
    }:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
        errors = [f"{path.name}: {list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(document)]
        assert errors == [], errors[:3]
    for name in ("unknown-property.yaml", "value-without-source.yaml", "unknown-reason.yaml", "unknown-tier.yaml"):
        document = yaml.load((ROOT / "tests" / "broken" / name).read_text(), Loader=yaml.BaseLoader)  # noqa: S506
        assert not validator.is_valid(document), name


def test_the_api_gives_an_rdflib_graph(built: Path) -> None:
    from graph_builder import open_graph

    graph = open_graph(built)
    [row] = graph.query("SELECT ?label WHERE { pact:relos lp:label ?label }")
    assert str(row.label) == "RELOS"


def test_adding_a_property_needs_the_ontology_alone(tmp_path: Path) -> None:
    """A property declared in a copy of the ontology is read, checked, typed and queried with no change of code."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "graph_builder", copy / "graph_builder", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("ontology", "queries"):
        shutil.copytree(ROOT / folder, copy / folder)
    core = copy / "ontology" / "logistics-pacts.ttl"
    with core.open("a", encoding="utf-8") as file:
        file.write(
            'lp:pageCount a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:label "page count"@en ;\n'
            '    rdfs:range xsd:integer ; schema:domainIncludes lp:Pact ; skos:definition "How many pages."@en .\n'
        )
    (copy / "facts").mkdir()
    text = (
        "sources:\n  a: {publisher: A, tier: press}\nsubjects:\n"
        "  pact/x:\n    type: FuelPact\n    label: X\n    pageCount: {%s: [a]}\n"
    )
    (copy / "facts" / "f.yaml").write_text(text % "twelve", encoding="utf-8")
    run = pacts("build", dist=tmp_path / "dist", cwd=copy, PYTHONPATH=str(copy))
    assert "7:17: 'twelve' is no whole number" in run.stderr
    (copy / "facts" / "f.yaml").write_text(text % "12", encoding="utf-8")
    assert pacts("build", dist=tmp_path / "dist", cwd=copy, PYTHONPATH=str(copy)).returncode == 0
    asked = pacts(
        "query",
        "SELECT (?n + 1 AS ?more) { pact:x lp:pageCount ?n }",
        dist=tmp_path / "dist",
        cwd=copy,
        PYTHONPATH=str(copy),
    )
    assert "13" in asked.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("pacts qu", ["query", "queries"]),
        ("pacts query sig", ["signatories", "signing-offices"]),
        ("pacts query --exp", ["--explain"]),
        ("pacts query signatories --format cs", ["csv"]),
        ("pacts query signatories --param pa", ["pact="]),
        ("pacts query path --param tie=signed", ["signedWith"]),  # bash ends a word at "="
        ("pacts query no-such-query --param pa", []),
        ("pacts show pact/relos/signature/r", ["pact/relos/signature/russia"]),
    ],
)
def test_the_shell_completes_names_parameters_and_subjects(
    words: str, told: list[str], built: Path, tmp_path: Path
) -> None:
    """Bash itself asks, through the script that --install-completion writes for it."""
    command = tmp_path / "bin" / "pacts"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom graph_builder.cli import main\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    for _ in range(2):
        assert "works in the next bash" in pacts("--install-completion", "bash", HOME=str(tmp_path)).stdout
    assert (tmp_path / ".bashrc").read_text().count("completion.bash") == 1
    program = (
        f". ~/.bashrc; COMP_LINE={shlex.quote(words)}; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9; "
        '_python_argcomplete pacts; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    env = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PACTS_DIST": str(built),
    }
    run = subprocess.run(["bash", "-c", program], capture_output=True, text=True, env=env, timeout=60)
    assert [word.strip() for word in run.stdout.split()] == told, run.stderr


def test_completion_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("in the way", encoding="utf-8")
    run = pacts("--install-completion", "bash", HOME=str(tmp_path))
    assert run.returncode == 2
    assert "cannot be written" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_the_list_of_queries_shows_a_sample_of_each_answer(built: Path, tmp_path: Path) -> None:
    told = pacts("queries", "--markdown", dist=built).stdout
    assert told.count("\n## ") >= 36
    signatories = told.partition("## signatories")[2].partition("\n## ")[0]
    assert "(question 8)" in signatories
    assert "pacts query signatories --param pact=relos" in signatories
    assert "| pact/relos |" in signatories
    assert "| pact/relos |" not in pacts("queries", "--markdown", dist=tmp_path / "nowhere").stdout
