// What the page holds, and which of it is shown: the day, the statuses, the class and the party that are asked for.
window.pageRecords = (() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const { nodes, edges, pacts } = data;
  const isolated = (words) => `\u2068${words}\u2069`;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byKey = new Map(edges.map((edge) => [edge.key, edge]));
  const dated = (words) => typeof words === "string" && /^\d{4}-\d{2}-\d{2}/.test(words);

  // The strongest first: an edge that rests on many pacts is drawn as the strongest of them.
  const GROUPS = ["in-force", "operational", "signed", "negotiation", "ended", "unknown"];
  const GROUP = {
    "in-force": "in-force", "provisionally-applied": "operational", operational: "operational", signed: "signed",
    "under-negotiation": "negotiation", proposed: "negotiation", "approved-by-one-party": "negotiation", unsigned: "negotiation",
    suspended: "ended", expired: "ended", terminated: "ended", "not-concluded": "ended",
  };
  const groupOf = (status) => (Object.hasOwn(GROUP, status) ? GROUP[status] : "unknown");
  const GROUP_NAMES = {
    "in-force": "in force", operational: "operational", signed: "signed", negotiation: "under negotiation", ended: "ended", unknown: "unknown",
  };

  const pactOf = new Map(pacts.map((pact) => [pact.id, pact]));
  for (const node of nodes) {
    node.name = node.name.trim() || node.id;
    node.touching = [];
    node.pact = pactOf.get(node.id) || null;
  }
  for (const edge of edges) {
    edge.ends = [byId.get(edge.from), byId.get(edge.to)];
    edge.ends[0].touching.push(edge);
    if (edge.to !== edge.from) edge.ends[1].touching.push(edge);
    edge.rests = (edge.pacts || []).map((index) => pacts[index]);
    edge.title = `${isolated(edge.ends[0].name)} ${data.directed ? "→" : "–"} ${isolated(edge.ends[1].name)}`;
  }
  for (const pact of pacts) pact.undated = !pact.changes.length;

  // ---------------------------------------------------------------- the years that dates span

  const days = [
    ...pacts.flatMap((pact) => pact.changes.map(([day]) => day)),
    ...[...nodes, ...edges].flatMap((thing) => [thing.start, thing.end]),
  ].filter(dated);
  const now = dated(data.asOf) ? data.asOf.slice(0, 10) : "9999-12-31";
  const past = days.filter((day) => day <= now).map((day) => Number(day.slice(0, 4)));
  const last = dated(data.asOf) ? Number(now.slice(0, 4)) : past.reduce((a, b) => Math.max(a, b), 0);
  const years = past.length ? { first: past.reduce((a, b) => Math.min(a, b), last), last } : null;

  // ---------------------------------------------------------------- what is asked for

  const present = [...new Set(pacts.flatMap((pact) => [pact.status, ...pact.changes.map(([, status]) => status)]).map(groupOf))];
  const groups = GROUPS.filter((group) => present.includes(group));
  // Where lines show how pacts stand, those that ended are left out at first, unless all have.
  const atFirst = groups.filter((group) => !(data.byStatus && group === "ended") || groups.length === 1
    || pacts.every((pact) => groupOf(pact.status) === "ended"));
  const asked = { year: null, undated: true, kind: "", party: "", groups: new Set(atFirst), hiddenKinds: new Set() };

  const today = () => (asked.year === null || !years || asked.year >= years.last ? null : `${asked.year}-12-31`);

  /** Where a pact stood on a day (null is the graph's own), or nothing where it had not begun. */
  function standing(pact, day) {
    if (day === null || pact.undated) return pact.status;
    let status = null;
    for (const [from, to] of pact.changes) if (from <= day) status = to;
    return status;
  }

  function passes(pact, day) {
    const status = standing(pact, day);
    return status !== null && asked.groups.has(groupOf(status)) && (asked.undated || !pact.undated)
      && (!asked.kind || pact.kind === asked.kind) && (!asked.party || Object.hasOwn(pact.parties, asked.party));
  }

  const holds = (thing, day) => !(dated(thing.start) && thing.start > (day || now)) && !(dated(thing.end) && thing.end < (day || now));
  const isUndated = (edge) => (edge.rests.length
    ? edge.rests.every((pact) => pact.undated)
    : years !== null && ![edge, ...edge.ends].some((thing) => dated(thing.start) || dated(thing.end)));
  for (const edge of edges) edge.undated = isUndated(edge);
  const undated = edges.filter((edge) => edge.undated).length;

  /** Say of every node and edge whether it is shown (``on``), and of an edge on which pacts it then rests. */
  function settle() {
    const day = today();
    const good = new Set(pacts.filter((pact) => passes(pact, day)));
    for (const edge of edges) {
      edge.held = edge.rests.filter((pact) => good.has(pact));
      edge.good = holds(edge, day) && (edge.rests.length ? edge.held.length > 0 : asked.undated || !edge.undated);
      const places = edge.held.map((pact) => GROUPS.indexOf(groupOf(standing(pact, day))));
      edge.group = places.length ? GROUPS[Math.min(...places)] : "";
    }
    for (const node of nodes) {
      const kept = !asked.hiddenKinds.has(node.group) && holds(node, day) && (!node.pact || good.has(node.pact));
      node.on = kept && (!node.touching.length || node.touching.some((edge) => edge.good));
    }
    for (const edge of edges) edge.on = edge.good && edge.ends[0].on && edge.ends[1].on;
  }

  /** Ask for everything again, so that a thing that is linked to can be shown. */
  function askAll() {
    Object.assign(asked, { year: null, undated: true, kind: "", party: "", groups: new Set(groups) });
    asked.hiddenKinds.clear();
  }

  // ---------------------------------------------------------------- what is asked for, in an address

  const same = (one, other) => one.size === other.size && [...one].every((item) => other.has(item));
  function written() {
    const said = new URLSearchParams();
    if (today()) said.set("year", String(asked.year));
    if (!asked.undated) said.set("undated", "no");
    if (asked.kind) said.set("class", asked.kind);
    if (asked.party) said.set("party", asked.party);
    if (!same(asked.groups, new Set(atFirst))) said.set("status", [...asked.groups].join(","));
    if (asked.hiddenKinds.size) said.set("without", [...asked.hiddenKinds].map((index) => data.kinds[index].name).join(","));
    return said.toString();
  }
  function read(words) {
    const said = new URLSearchParams(words);
    const year = Number(said.get("year"));
    asked.year = years && Number.isInteger(year) && year >= years.first && year < years.last ? year : null;
    asked.undated = said.get("undated") !== "no";
    asked.kind = pacts.some((pact) => pact.kind === said.get("class")) ? said.get("class") : "";
    asked.party = pacts.some((pact) => Object.hasOwn(pact.parties, said.get("party"))) ? said.get("party") : "";
    asked.groups = new Set(said.has("status") ? said.get("status").split(",").filter((group) => groups.includes(group)) : atFirst);
    const without = (said.get("without") || "").split(",");
    asked.hiddenKinds = new Set(data.kinds.flatMap((kind, index) => (without.includes(kind.name) ? [String(index)] : [])));
  }

  settle();
  return {
    data, nodes, edges, pacts, byId, byKey, years, now, groups, undated, asked, GROUP_NAMES,
    groupOf, standing, today, settle, askAll, written, read, isolated, dated,
  };
})();
