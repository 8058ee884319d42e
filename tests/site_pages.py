"""The pages of the site that tests and pictures look at, and facts that try to do harm on them."""

PAGES = {
    "first": "index.html",
    "pact": "id/pact/relos.html",
    "party": "id/party/india.html",
    "facility": "id/facility/murmansk-port.html",
    "person": "id/person/vinay-kumar.html",
    "body": "id/body/indian-navy.html",
    "source": "id/source/tass-2025-12-10-federation-council.html",
    "list of things": "views/all-pacts.html",
    "contested": "views/contested.html",
    "coverage": "views/coverage.html",
    "queries": "views/queries.html",
    "query": "views/query/why.html",
    "matrix": "views/support-matrix.html",
    "partner lists": "views/partner-lists.html",
    "timeline": "views/timeline.html",
    "map": "views/map.html",
}

#: The network pages of each kind, and the width of the screen on which each is looked at.
NETWORKS = {
    "pact-network-relos": 360,
    "partners-of-india": 1280,
    "partners": 360,
    "facilities": 1280,
    "signatories": 360,
    "sources": 1280,
}

HOSTILE = """\
sources:
  bad-1:
    title: '</script><script>alert(1)</script><img src=x onerror=alert(2)>'
    publisher: '"><svg onload=alert(3)> quoted & ampersand {{7*7}} \u202ereversed'
    url: https://example.org/swapped
    published: 2025-01-02
    tier: press
  bad-2:
    title: "</title><h1>big</h1> <!-- comment \u2028 another \x85 line LONG"
    publisher: "`${alert(5)}` ]]> </style> &lt;b&gt;"
    url: https://example.org/fine
    published: 2025-01-03
    tier: official
subjects:
  party/one: {type: Party, label: '<b onmouseover=alert(7)>One</b>'}
  party/two: {type: Party, label: "Two'\\"><script src=//evil.example/x.js></script>"}
  pact/bad:
    type: LogisticsSupportPact
    label: '</script><img src=x onerror=alert(8)>{{7*7}}'
    party: {party/one: [bad-1], party/two: [bad-2]}
    covers: {support/food: [bad-1], support/water: [bad-1]}
    excludes: {support/food: [bad-2]}
    name: {'javascript:alert(9)': [bad-1], '__proto__': [bad-2], 'constructor': [bad-2]}
  pact/bad/signature:
    type: Signature
    label: "Signature <style>*{display:none}</style>"
    pact: pact/bad
    date: {2025-01-01: [bad-1], 2025-03: [bad-2]}
  facility/bad:
    type: Facility
    label: "<svg><animate onbegin=alert(10)>"
    latitude: {10.5: [bad-1]}
    longitude: {75.25: [bad-1]}
  pact/bad/access/bad:
    type: FacilityAccess
    label: "Access <iframe src=javascript:alert(11)>"
    pact: pact/bad
    facility: {facility/bad: [bad-1]}
    host: {party/one: [bad-1]}
    beneficiary: {party/two: [bad-2]}
  list/bad:
    type: PartnerList
    label: "List <object data=x>"
    listOf: party/one
    counts: {party/two: [bad-1]}
"""
HOSTILE_PAGES = (
    "index.html", "id/pact/bad.html", "id/party/one.html", "id/facility/bad.html", "id/source/bad-1.html",
    "id/source/bad-2.html", "id/list/bad.html", "views/all-pacts.html", "views/all-sources.html",
    "views/contested.html", "views/coverage.html", "views/support-matrix.html", "views/partner-lists.html",
    "views/timeline.html", "views/map.html", "views/query/pacts.html", "views/query/contested.html",
)  # fmt: skip
