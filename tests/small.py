"""A graph small enough to be judged by eye: pacts of two and of three parties, ends, a renewal and a reprint."""

FACTS = """\
sources:
  one: {title: One, publisher: One, url: "https://one.example/", published: 2010-01-01, language: en, tier: official}
  two: {title: Two, publisher: Two, url: "https://two.example/", published: 2020-06-30, language: en, tier: press}
  copy:
    title: Copy
    publisher: Copy
    url: https://copy.example/
    published: 2020-06-30
    language: en
    tier: press
    derives-from: two
subjects:
  party/a: {type: Party, label: Aland, isoAlpha3: {AAA: [one]}}
  party/b: {type: Party, label: Beland, isoAlpha3: {BBB: [one]}}
  party/c: {type: Party, label: Celand}
  party/d: {type: Party, label: Deland}
  pact/ab: {type: LogisticsSupportPact, label: A-B pact, party: {party/a: [one], party/b: [one, two, copy]}}
  pact/ab/signature: {type: Signature, pact: pact/ab, label: signature, date: {2001-03-04: [one]}}
  pact/ab/entry-into-force: {type: EntryIntoForce, pact: pact/ab, label: entry, date: {2002: [one]}}
  pact/ab/end: {type: Expiry, pact: pact/ab, label: end, date: {2005-06-01: [one]}}
  pact/ab/renewal: {type: Renewal, pact: pact/ab, label: renewal, date: {2007-02-01: [one]}}
  pact/ab2: {type: FuelPact, label: A-B fuel pact, party: {party/a: [one], party/b: [one]}}
  pact/ab2/signature: {type: Signature, pact: pact/ab2, label: signature, date: {2010-01-01: [one]}}
  pact/bc: {type: LogisticsSupportPact, label: B-C pact, party: {party/b: [one], party/c: [one]}}
  pact/bc/signature: {type: Signature, pact: pact/bc, label: signature, date: {2003-01-01: [one]}}
  pact/cd: {type: LogisticsSupportPact, label: C-D pact, party: {party/c: [one], party/d: [one]}}
  pact/cd/signature: {type: Signature, pact: pact/cd, label: signature, date: {2004-01-01: [one]}}
  pact/cd/end: {type: Termination, pact: pact/cd, label: end, date: {2006-01-01: [one]}}
  pact/acd: {type: OtherPact, label: A-C-D pact, party: {party/a: [one], party/c: [one], party/d: [one]}}
  pact/acd/signature: {type: Signature, pact: pact/acd, label: signature, date: {2012-12-31: [one]}}
  pact/acd/signature/a:
    {type: SignatoryRole, signature: pact/acd/signature, person: {person/ann: [one]}, party: {party/a: [one]}}
  pact/acd/signature/c:
    {type: SignatoryRole, signature: pact/acd/signature, person: {person/cem: [one]}, party: {party/c: [one]}}
  pact/acd/signature/d:
    {type: SignatoryRole, signature: pact/acd/signature, person: {person/dot: [one]}, party: {party/d: [one]}}
  person/ann: {type: Person, label: "=Ann"}
  person/cem: {type: Person, label: Cem}
  person/dot: {type: Person, label: "@Dot"}
  facility/port:
    {type: Facility, label: Port, country: {party/a: [one]}, latitude: {10.5: [one]}, longitude: {-20.25: [one]}}
  facility/base: {type: Facility, label: Base, country: {party/a: [one]}}
  pact/ab/access/port:
    type: FacilityAccess
    pact: pact/ab
    facility: {facility/port: [one]}
    host: {party/a: [one]}
    beneficiary: {party/b: [one]}
    basis: {access-basis/reported: [one]}
  pact/ab2/access/port:
    {type: FacilityAccess, pact: pact/ab2, facility: {facility/port: [one]}, beneficiary: {party/b: [one]}}
  pact/bc/access/base:
    type: FacilityAccess
    pact: pact/bc
    facility: {facility/base: [two]}
    beneficiary: {party/c: [two]}
    openness: {openness/refused: [two]}
  pact/ab/access/base:
    type: FacilityAccess
    pact: pact/ab
    facility: {facility/base: [one]}
    beneficiary: {party/b: [one]}
    ofDraft: 2000
"""
