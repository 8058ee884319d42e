"""Made-up network pages for tests: one of the size and shape of a single pact's network, and a hostile one."""

from __future__ import annotations

from graph_builder.view.model import Edge, Fact, NetworkPage, Node, PactRef, Rival, SourceRef

ORDER = SourceRef(
    "Распоряжение о подписании Соглашения",
    "Government of the Russian Federation",
    "https://example.org/order",
    "2024-06-20",
    "official",
)
AGENCY = SourceRef("State Duma ratifies the agreement", "TASS", "https://example.org/duma", "2025-12-02", "agency")
PRESS = SourceRef("How the pact will work", "A newspaper", "https://example.org/press", "2025-12-16", "press")
UNLINKED = SourceRef("Navy planning a logistics pact", "A repost", None, None, "press")

QUERY = """PREFIX lp: <https://w3id.org/logistics-pacts/ontology#>
PREFIX pact: <https://w3id.org/logistics-pacts/id/pact/>

# Everything one step from the pact, and what joins those things.
SELECT ?from ?relation ?to WHERE {
  pact:relos (lp:party|lp:covers|^lp:pact) ?from .
  ?from ?relation ?to .
  FILTER (?to != pact:relos && ?from < ?to)
}
"""

_PERSONS = {
    "Vinay Kumar": "Ambassador of India to Russia",
    "Alexander Fomin": "Deputy Minister of Defence of Russia",
    "Rajnath Singh": "Minister of Defence of India",
    "Andrei Belousov": "Minister of Defence of Russia",
    "Vyacheslav Volodin": "Chairman of the State Duma",
    "Mikhail Mishustin": "Prime Minister of Russia",
    "Narendra Modi": "Prime Minister of India",
    "Vladimir Putin": "President of Russia",
    "Dmitry Peskov": "Spokesman of the Kremlin",
    "Vikram Misri": "Foreign Secretary of India",
}
_BODIES = {
    "Ministry of Defence of India": "india",
    "Indian Navy": "india",
    "Indian Air Force": "india",
    "Indian Army": "india",
    "Ministry of External Affairs": "india",
    "State Duma": "russia",
    "Federation Council": "russia",
    "Ministry of Defence of the Russian Federation": "russia",
    "Russian Navy": "russia",
    "Government of the Russian Federation": "russia",
    "Russian Aerospace Forces": "russia",
    "Northern Fleet": "russia",
    "Pacific Fleet": "russia",
}
_FACILITIES = {
    "Murmansk port": "russia",
    "Severomorsk": "russia",
    "Vladivostok": "russia",
    "Kaliningrad": "russia",
    "Petropavlovsk-Kamchatsky": "russia",
    "Sevastopol": "russia",
    "Novorossiysk": "russia",
    "Arkhangelsk": "russia",
    "Tiksi airfield": "russia",
    "Dikson": "russia",
    "Olenya air base": "russia",
    "Baltiysk": "russia",
    "Mumbai naval dockyard": "india",
    "Kochi": "india",
    "Visakhapatnam": "india",
    "Karwar (INS Kadamba)": "india",
    "Chennai port": "india",
    "Port Blair": "india",
    "INS Rajali, Arakkonam": "india",
    "INS Baaz": "india",
    "Goa, Dabolim": "india",
    "Hindon air base": "india",
    "Agra air base": "india",
    "Lakshadweep": "india",
}
_SUPPORT = (
    "food",
    "water",
    "billeting",
    "transportation",
    "petroleum, oils and lubricants",
    "clothing",
    "communication services",
    "medical services",
    "ammunition",
    "base operations support",
    "storage services",
    "use of facilities",
    "training services",
    "spare parts and components",
    "repair and maintenance services",
    "calibration services",
    "airport services",
    "port services",
    "navigation charts",
    "weather information",
    "berthing",
    "anchorage",
    "air-traffic control",
    "cargo handling",
)


def key(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def relos_like() -> NetworkPage:
    """About a hundred nodes around one pact; facts, sources and rivals are made up."""
    pact = "pact/relos"
    nodes = [
        Node(pact, "RELOS", "Pact", contested=True, start="2026-01-12"),
        Node("party/india", "India", "Party"),
        Node("party/russia", "Russia", "Party"),
    ]
    edges = [Edge(pact, "party/india", "party"), Edge(pact, "party/russia", "party")]
    for person, office in _PERSONS.items():
        nodes += [Node(f"person/{key(person)}", person, "Person"), Node(f"office/{key(office)}", office, "Office")]
        edges.append(Edge(f"person/{key(person)}", f"office/{key(office)}", "holds"))
        side = "party/india" if "India" in office else "party/russia"
        edges.append(Edge(f"office/{key(office)}", side, "of party"))
    for person in ("Vinay Kumar", "Alexander Fomin"):
        edges.append(Edge(pact, f"person/{key(person)}", "signed by", start="2025-02-18"))
    for body, party in _BODIES.items():
        nodes.append(Node(f"body/{key(body)}", body, "Body"))
        edges.append(Edge(f"body/{key(body)}", f"party/{party}", "of party"))
    edges.append(Edge("body/state-duma", pact, "approved", start="2025-12-02"))
    edges.append(Edge("body/federation-council", pact, "approved", contested=True, start="2025-12-10"))
    for facility, party in _FACILITIES.items():
        doubtful = facility in ("Sevastopol", "Tiksi airfield", "INS Baaz")
        nodes.append(Node(f"facility/{key(facility)}", facility, "Facility", contested=doubtful))
        edges.append(Edge(f"facility/{key(facility)}", f"party/{party}", "in country"))
        if facility in ("Murmansk port", "Severomorsk", "Vladivostok", "Mumbai naval dockyard", "Kochi", "Sevastopol"):
            edges.append(Edge(pact, f"facility/{key(facility)}", "opens", contested=doubtful))
    for support in _SUPPORT:
        nodes.append(Node(f"support/{key(support)}", support, "SupportCategory", contested=support == "ammunition"))
        edges.append(Edge(pact, f"support/{key(support)}", "covers", contested=support == "ammunition"))
    edges.append(Edge(pact, "support/ammunition", "excludes", contested=True))
    facts = [
        Fact("short name", "RELOS", None, False, "only value", [AGENCY, PRESS]),
        Fact("designation", "agreement", None, False, "higher tier", [ORDER], [Rival("arrangement", [PRESS])]),
        Fact("party", "India", "party/india", False, "only value", [ORDER, AGENCY]),
        Fact("party", "Russia", "party/russia", False, "only value", [ORDER, AGENCY]),
        Fact(
            "approved by the Federation Council on",
            "2025-12-10",
            None,
            True,
            "primary source",
            [AGENCY],
            [Rival("2025-12-08", [PRESS, UNLINKED])],
        ),
        Fact(
            "entry into force",
            "",
            None,
            True,
            "undetermined",
            [],
            [Rival("2026-01-12", [AGENCY]), Rival("2026-01", [PRESS])],
        ),
        Fact(
            "covers", "ammunition", "support/ammunition", True, "more sources", [PRESS], [Rival("excluded", [UNLINKED])]
        ),
    ]
    details = {node.id: [Fact("label", node.label, None, False, "only value", [PRESS])] for node in nodes}
    return NetworkPage(
        "relos",
        "RELOS: who and what it joins",
        "The Indo-Russian logistics pact with its parties, signatories, bodies, facilities and the support it covers.",
        nodes,
        edges,
        details | {pact: facts},
        QUERY,
        "2026-06-01",
    )


def _pact(name: str, kind: str, status: str, parties: str, *changes: tuple[str, str]) -> PactRef:
    sides = {f"party/{key(party)}": party for party in parties.split("/")}
    return PactRef(f"pact/{key(name)}", name, kind, status, sides, changes, href=f"../id/pact/{key(name)}.html")


def partners_like() -> NetworkPage:
    """Six parties and the pacts between them, drawn by status; names and dates are made up but for the real ones."""
    pacts = [
        _pact("LEMOA", "LogisticsSupportPact", "in-force", "India/United States", ("2016-08-29", "in-force")),
        _pact("COMCASA", "FoundationalPact", "in-force", "India/United States", ("2018-09-06", "in-force")),
        _pact(
            "RELOS",
            "LogisticsSupportPact",
            "in-force",
            "India/Russia",
            ("2018-10-05", "under-negotiation"),
            ("2025-02-18", "signed"),
            ("2026-01-12", "in-force"),
        ),
        _pact(
            "Old frame",
            "DefenceFramework",
            "terminated",
            "India/Maldives",
            ("1990-01-01", "signed"),
            ("2020-02-02", "terminated"),
        ),
        _pact("Undated talks", "OtherPact", "under-negotiation", "India/Canada"),
        _pact("ACSA", "LogisticsSupportPact", "in-force", "Japan/United States", ("1996-10-22", "in-force")),
    ]
    names = sorted({party for pact in pacts for party in pact.parties.values()})
    edges: dict[tuple[str, ...], list[str]] = {}
    for pact in pacts:
        edges.setdefault(tuple(sorted(pact.parties)), []).append(pact.id)
    return NetworkPage(
        name="partners",
        title="Partners",
        description="The parties, and for every two of them the pacts between them.",
        nodes=[Node(f"party/{key(name)}", name, "Party", href=f"../id/party/{key(name)}.html") for name in names],
        edges=[Edge(one, other, "pacts", pacts=found) for (one, other), found in edges.items()],
        details={"party/india": [Fact("label", "India", None, False, "only value", [AGENCY])]},
        query=QUERY,
        as_of="2026-06-01",
        pacts=pacts,
        by_status=True,
        directed=False,
        hindi={"title": "साझेदार", "description": "सभी पक्ष और उनके समझौते।"},
    )


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "</title></textarea></style><svg onload=alert(3)>",
    "{{7*7}}{% for x in y %}{#",
    "\"'` onmouseover=alert(4) x=",
    "\u202egnorw daer\u202d",
    "javascript:alert(5)",
    "line\u2028break\u2029and\nnewline <!-- --!> ]]>",
    "&lt;b&gt;&amp;",
    "",
    "क्षेत्र परिवहन 設備 🚢",
)


def hostile() -> NetworkPage:
    """A page in which every text is one that could be taken for markup, code or a template."""
    nodes = [
        Node(f"pact/{number}{label}", label, label or "Pact", True, label, label, label)
        for number, label in enumerate(HOSTILE)
    ]
    pacts = [
        PactRef(f"pact/p{number}{label}", label, label, label, {label: label}, [("2001-01-01", label)], True, label)
        for number, label in enumerate(HOSTILE)
    ]
    edges = [
        Edge(nodes[0].id, node.id, node.label, True, node.label, None, [pact.id], [node.id])
        for node, pact in zip(nodes[1:], pacts, strict=False)
    ]
    edges.append(Edge(nodes[1].id, nodes[1].id, HOSTILE[0]))
    sources = [
        SourceRef(label, label, address, label, label)
        for label, address in zip(
            HOSTILE,
            (
                "javascript:alert(6)",
                " javascript:alert(7)",
                "JaVaScRiPt:alert(8)",
                "data:text/html,<script>alert(9)</script>",
                "vbscript:x",
                "//example.org/x",
                'https://example.org/"><script>alert(10)</script>',
                "file:///etc/passwd",
            ),
            strict=False,
        )
    ]
    fact = [Fact(label, label, label, True, label, sources, [Rival(label, sources)]) for label in HOSTILE]
    return NetworkPage(
        "hostile",
        HOSTILE[1] + HOSTILE[0] + HOSTILE[3],
        HOSTILE[0] + HOSTILE[3],
        nodes,
        edges,
        {node.id: fact for node in nodes},
        HOSTILE[1] + HOSTILE[3],
        HOSTILE[0],
        pacts,
        hindi={"title": HOSTILE[1] + HOSTILE[0], "description": HOSTILE[2]},
    )
