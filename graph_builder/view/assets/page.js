// A network page: its filters, its list, and what is held about a thing, why, and who says otherwise.
// Every text of the data reaches the page through textContent; none is ever parsed as markup.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const records = window.pageRecords;
  const { data, nodes, edges, pacts, byId, byKey, asked, isolated, groupOf, GROUP_NAMES } = records;
  const drawing = window.pageDrawing;
  const language = window.pageLanguage;
  const { text, term } = language;
  const LISTED = 250; // options in the list at once
  const narrow = matchMedia("(max-width: 60rem)");
  const SVG = "http://www.w3.org/2000/svg";

  /** Make an element from a tag (or "tag.class"), properties, and children; strings become text. */
  function make(tag, properties, ...children) {
    const [name, className] = tag.split(".");
    const element = document.createElement(name);
    if (className) element.className = className;
    for (const [key, value] of Object.entries(properties || {})) {
      if (key.includes("-") || key === "role" || key === "rel") element.setAttribute(key, value);
      else element[key] = value;
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  }
  const filling = new WeakMap(); // what each element is being filled with
  /** Fill an element with what a generator makes: the first parts at once, and the rest once those are drawn. */
  function filled(element, parts, first = 50) {
    filling.set(element, parts);
    const add = (count) => {
      for (let left = count; left > 0; left -= 1) {
        const { value, done } = parts.next();
        if (done) return;
        element.append(value);
      }
      requestAnimationFrame(() => setTimeout(() => { if (filling.get(element) === parts && element.isConnected) add(100); }));
    };
    add(first);
    return element;
  }
  const said = (words) => make("span.text", { lang: language.tongue(words) }, words);
  const termed = (words) => make("span.text", { lang: language.known(words) ? language.current() : "en" }, term(words));

  const worded = (fact, value) => (fact.word ? termed(value) : said(value));
  /** The name of a property, after that of the thing's part that has it. */
  function propertied(words) {
    const at = words.lastIndexOf(": ") + 1;
    return make("span", {}, ...(at ? [said(words.slice(0, at)), " "] : []), termed(words.slice(at).trim()));
  }

  function shape(kind) {
    const svg = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#shape-${kind.shape}`);
    svg.setAttribute("fill", kind.colour);
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return make("span.shape", {}, svg);
  }

  /** A piece of line as the drawing draws a status. */
  function line(group) {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    const { width, dashes } = drawing.LINES[group] || { width: 1, dashes: false };
    path.setAttribute("d", "M1 6h28");
    path.setAttribute("stroke-width", String(width));
    if (dashes) path.setAttribute("stroke-dasharray", dashes.join(" "));
    svg.setAttribute("viewBox", "0 0 30 12");
    svg.setAttribute("class", `line line-${group || "plain"}`);
    svg.setAttribute("aria-hidden", "true");
    svg.append(path);
    return svg;
  }
  const sample = (edge) => line(drawing.byStatus(edge) ? edge.group : "");

  // ---------------------------------------------------------------- filters

  let chosen = null; // the node or the edge whose details are open

  const option = (value, words) => make("option", { value }, words);
  function fillSelect(id, choices) {
    const select = $(id);
    const value = select.value;
    select.replaceChildren(option("", text("all")), ...choices.map(([key, words]) => option(key, words)));
    select.value = value;
    $(`${id}-part`).hidden = choices.length < 2;
  }

  function setUpFilters() {
    const { years } = records;
    for (const holder of $("legend").querySelectorAll(".shape")) holder.replaceChildren(...shape(data.kinds[Number(holder.dataset.kind)]).childNodes);
    if (records.groups.length > 1 && pacts.length > 1) {
      $("statuses").replaceChildren(...records.groups.map((group) => make("label", {}, make("input", { type: "checkbox", value: group, autocomplete: "off" }),
        data.byStatus ? line(group) : "", make("bdi", { "data-term": GROUP_NAMES[group] }, term(GROUP_NAMES[group])), make("small", {}, ""))));
      $("statuses").hidden = false;
    }
    if (years && years.first < years.last) {
      for (const input of [$("year"), $("year-number")]) Object.assign(input, { min: years.first, max: years.last });
      $("time").hidden = false;
    }
    $("undated-part").hidden = !records.undated || records.undated === edges.length;
    $("undated-count").textContent = String(records.undated);
    nameChoices();
    $("asking").hidden = [...$("filters").children].every((part) => part.hidden);
    $("asking").open = !narrow.matches;
    narrow.addEventListener("change", () => { $("asking").open = !narrow.matches; });
  }

  function nameChoices() {
    const sorted = (pairs) => pairs.sort(([, a], [, b]) => alphabet.compare(a, b));
    const kinds = new Set(pacts.map((pact) => pact.kind));
    const parties = new Map(pacts.flatMap((pact) => Object.entries(pact.parties)));
    fillSelect("class", sorted([...kinds].map((kind) => [kind, term(kind)])));
    fillSelect("party", parties.size > 2 ? sorted([...parties]) : []);
  }

  /** Show in the controls what is asked for. */
  function showAsked() {
    const { years } = records;
    if (years) $("year").value = $("year-number").value = String(asked.year ?? years.last);
    $("today").textContent = records.today() || !records.dated(data.asOf) ? "" : text("today", { date: data.asOf });
    $("undated").checked = asked.undated;
    $("class").value = asked.kind;
    $("party").value = asked.party;
    for (const box of $("legend").querySelectorAll("input")) box.checked = !asked.hiddenKinds.has(box.value);
    const day = records.today();
    const standings = pacts.map((pact) => records.standing(pact, day)).filter((status) => status !== null).map(groupOf);
    for (const box of $("statuses").querySelectorAll("input")) {
      box.checked = asked.groups.has(box.value);
      box.closest("label").querySelector("small").textContent = String(standings.filter((group) => group === box.value).length);
    }
  }

  function readAsked(event) {
    const { years } = records;
    const from = event.target;
    if (from.id === "year" || from.id === "year-number") {
      const year = Math.round(Number(from.value));
      if (!from.value || year < years.first || year > years.last) return false;
      asked.year = year >= years.last ? null : year;
    }
    asked.undated = $("undated").checked;
    asked.kind = $("class").value;
    asked.party = $("party").value;
    asked.hiddenKinds = new Set([...$("legend").querySelectorAll("input:not(:checked)")].map((box) => box.value));
    if (!$("statuses").hidden) asked.groups = new Set([...$("statuses").querySelectorAll("input:checked")].map((box) => box.value));
    return true;
  }

  /** Settle anew what is shown, and show it everywhere. */
  function apply() {
    records.settle();
    if (chosen && !chosen.on) close(false);
    showAsked();
    if (chosen) { fillPanel(chosen); drawing.mark(chosen); } else drawing.refresh();
    list();
    tableLater();
    writeHash();
  }

  for (const id of ["legend", "statuses", "filters"]) {
    $(id).addEventListener("submit", (event) => event.preventDefault());
    $(id).addEventListener("input", (event) => { if (readAsked(event)) apply(); });
    // A number that cannot be is put back when the field is left.
    $(id).addEventListener("change", showAsked);
  }
  $("fit").addEventListener("click", drawing.showAll);
  $("closer").addEventListener("click", () => drawing.zoom(1.35));
  $("farther").addEventListener("click", () => drawing.zoom(1 / 1.35));

  // ---------------------------------------------------------------- search and list

  const alphabet = new Intl.Collator(["en", "hi"], { numeric: true });
  const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const sorters = {
    nodes() {
      for (const node of nodes) node.folded = folded(node.name);
      return [...nodes].sort((a, b) => a.group - b.group || alphabet.compare(a.name, b.name));
    },
    edges() {
      for (const edge of edges) edge.folded = folded([...edge.ends.map((node) => node.name), edge.name, ...edge.rests.map((pact) => pact.name)].join(" "));
      return [...edges].sort((a, b) => alphabet.compare(a.ends[0].name, b.ends[0].name) || alphabet.compare(a.ends[1].name, b.ends[1].name));
    },
  };
  const lists = {}; // made when first looked at
  const search = $("search");
  const things = $("things");
  const tab = () => $("tabs").querySelector("input:checked").value;
  let found = [];
  let active = 0;

  const contest = (is) => (is ? make("span.contest", {}, `‡ ${text("contested")}`) : null);
  const optionOf = (thing) => (thing.ends
    ? [sample(thing), make("span.text", {}, said(thing.ends[0].name), data.directed ? " → " : " – ", said(thing.ends[1].name)), make("small", {}, data.directed ? termed(thing.name) : drawing.count(thing.held.length, "pact"))]
    : [shape(data.kinds[thing.group]), said(thing.name)]);

  function* optionParts(listed) {
    for (const [index, thing] of listed.slice(0, LISTED).entries()) {
      yield make("li", { id: `thing-${index}`, role: "option", "aria-selected": "false" }, ...optionOf(thing), contest(thing.contested));
    }
    if (listed.length > LISTED) yield make("li.rest", { role: "presentation" }, text("more", { count: listed.length - LISTED }));
    if (!listed.length) yield make("li.rest", { role: "presentation" }, text("none"));
  }

  function list() {
    const wanted = folded(search.value.trim());
    const all = (lists[tab()] ??= sorters[tab()]()).filter((thing) => thing.folded.includes(wanted));
    found = all.filter((thing) => thing.on);
    const begins = (thing) => thing.folded.startsWith(wanted);
    if (wanted) found.sort((a, b) => begins(b) - begins(a));
    active = Math.max(0, found.indexOf(chosen));
    things.replaceChildren();
    filled(things, optionParts(found), Math.max(50, active + 1));
    const left = all.length - found.length;
    $("matches").replaceChildren(
      ...(wanted ? [text("matches", { count: found.length })] : []),
      ...(left ? [wanted ? " · " : "", text("hidden", { count: left }), " ", make("button.thing", { type: "button", onclick: revealAll }, text("reveal"))] : []));
    activate(active, false);
  }
  function revealAll() {
    records.askAll();
    apply();
    search.focus();
  }

  function activate(index, scroll = true) {
    const last = Math.min(found.length, LISTED) - 1;
    active = Math.max(0, Math.min(index, last));
    for (const old of things.querySelectorAll('[aria-selected="true"]')) old.setAttribute("aria-selected", "false");
    const now = last < 0 ? null : things.children[active];
    if (!now) { things.removeAttribute("aria-activedescendant"); return; }
    now.setAttribute("aria-selected", "true");
    things.setAttribute("aria-activedescendant", now.id);
    if (scroll) now.scrollIntoView({ block: "nearest" });
  }

  things.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: Infinity, PageDown: active + 10, PageUp: active - 10 };
    if (event.key in steps) activate(steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") choose(found[active], things);
    else if (event.key === "Escape" && !chosen) search.focus();
    else return;
    event.preventDefault();
  });
  things.addEventListener("click", (event) => {
    const picked = event.target.closest("[role=option]");
    if (!picked) return;
    activate([...things.children].indexOf(picked));
    choose(found[active], things);
  });
  search.addEventListener("input", () => { if (chosen) close(false); list(); });
  $("tabs").addEventListener("change", () => { if (chosen) close(false); list(); });
  $("skip").addEventListener("click", (event) => { event.preventDefault(); if (chosen) close(false); things.focus(); });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.length) choose(found[0], search);
    else if (event.key === "ArrowDown") { if (chosen) close(false); things.focus(); }
    else if (event.key === "Escape" && search.value) { search.value = ""; list(); }
    else return;
    event.preventDefault();
  });

  // ---------------------------------------------------------------- details

  const panel = $("details");
  const title = document.title;
  let opener = null; // what had the focus before the panel opened

  const keyOf = (thing) => (thing.ends ? thing.key : thing.id);
  const encoded = (key) => encodeURIComponent(key).replaceAll("%2F", "/");
  const anchor = (thing) => `#${encoded(keyOf(thing))}`;
  const nameOf = (thing) => (thing.ends ? thing.title : isolated(thing.name));
  const thing = (one, words) => make("button.thing", { type: "button", onclick: () => choose(one, opener) }, words || said(one.name));
  const valueOf = (fact) => (byId.has(fact.key) ? thing(byId.get(fact.key)) : fact.value ? worded(fact, fact.value) : make("span.text", {}, text("undetermined")));
  const page = (href, words) => (/^(?!\/)(\.\.\/)?[\w./%-]+\.html(#[\w./%~-]*)?$/.test(href || "") ? make("a", { href }, words) : null);

  function sourceList(numbers) {
    return make("ul.sources", {}, ...numbers.map((number) => {
      const [name, publisher, url, published, tier] = data.sources[number];
      const safe = /^https?:\/\//i.test(url);
      const about = [publisher, published, term(tier)].filter(Boolean).map(isolated).join(" · ");
      return make("li", {},
        safe ? make("a.text", { href: url, rel: "noopener noreferrer", target: "_blank", lang: language.tongue(name) }, name || url) : said(name || url),
        about ? make("div.meta", {}, about) : null);
    }));
  }

  function sourcesOf(numbers) {
    if (!numbers || !numbers.length) return make("p.meta", {}, text("no-sources"));
    const told = make("details", {}, make("summary", {}, drawing.count(numbers.length, "source")));
    // What a hub rests on is hundreds of lists, so that each is made when it is first looked at.
    told.addEventListener("toggle", () => told.append(sourceList(numbers)), { once: true });
    return told;
  }

  function* factParts(facts) {
    let property = null;
    for (const fact of facts) {
      if (fact.property !== property) yield make("dt", {}, propertied(fact.property));
      property = fact.property;
      yield make("dd", {}, valueOf(fact), contest(fact.contested),
        fact.reason ? make("p.meta", {}, `${text("reason")}: `, termed(fact.reason)) : null,
        sourcesOf(fact.sources),
        fact.rivals ? make("div.rivals", {}, make("p", {}, text("rivals")), ...fact.rivals.map((rival) => make("div", {}, worded(fact, rival.value), sourcesOf(rival.sources)))) : null);
    }
  }
  const factList = (facts) => filled(make("dl"), factParts(facts));

  function* neighbourParts(node) {
    for (const edge of node.touching.filter((one) => one.on)) {
      const outward = edge.ends[0] === node;
      const words = data.directed ? term(edge.name) : drawing.count(edge.held.length, "pact");
      yield make("li", {}, drawing.byStatus(edge) ? line(edge.group) : null, make("span.meta", {}, thing(edge, make("span.text", {}, words)), data.directed ? ` ${text(outward ? "outward" : "inward")}` : ""),
        thing(edge.ends[outward ? 1 : 0]), contest(edge.contested));
    }
  }
  const neighbourList = (node) => filled(make("ul.neighbours"), neighbourParts(node));

  /** The pacts that an edge rests on, and where each stands on the day that is shown. */
  function pactList(edge) {
    const day = records.today();
    return make("ul.pacts", {}, ...edge.held.map((pact) => {
      const status = records.standing(pact, day);
      const since = pact.changes.filter(([from, to]) => to === status && from <= (day || records.now)).map(([from]) => from).pop();
      const words = status.replaceAll("-", " ");
      return make("li", {}, line(groupOf(status)), byId.has(pact.id) ? thing(byId.get(pact.id)) : page(pact.href, said(pact.name)) || said(pact.name), contest(pact.contested),
        make("div.meta", {}, termed(pact.kind), " · ", termed(words), since ? ` ${text("from", { date: since })}` : pact.undated ? ` · ${text("undated")}` : ""));
    }));
  }

  /** What the facts of the page's other things take from a source: the value, and whether it is held. */
  function statedBy(node) {
    const own = new Set(data.sources.flatMap((source, index) => (source[5] === node.id ? [index] : [])));
    if (!own.size) return [];
    const names = (numbers) => (numbers || []).some((number) => own.has(number));
    const parts = [];
    for (const { ends: [, about] } of node.touching) {
      const lines = [];
      for (const fact of data.facts[about.id] || []) {
        if (names(fact.sources)) lines.push([fact, fact.value, true]);
        for (const rival of fact.rivals || []) if (names(rival.sources)) lines.push([fact, rival.value, false]);
      }
      if (lines.length) {
        parts.push(make("p.about", {}, thing(about)), make("dl", {}, ...lines.flatMap(([fact, value, held]) => [
          make("dt", {}, said(fact.property)),
          make("dd", {}, said(value), held ? contest(fact.contested) : make("span.contest", {}, `‡ ${text("not-accepted")}`)),
        ])));
      }
    }
    return parts.length ? [make("h3", {}, text("stated")), ...parts] : [];
  }

  const section = (words, body) => (body ? [make("h3", {}, words), body] : []);

  function nodePanel(node) {
    const facts = data.facts[node.id] || [];
    const stated = statedBy(node);
    const source = data.sources.findIndex((one) => one[5] === node.id);
    const beside = node.touching.filter((edge) => edge.on).length;
    return [
      make("p.kind", {}, shape(data.kinds[node.group]), termed(data.kinds[node.group].name), contest(node.contested), page(node.href, text("own-page"))),
      ...(node.pact ? [make("p.meta", {}, termed(node.pact.kind), " · ", termed((records.standing(node.pact, records.today()) || "").replaceAll("-", " ")))] : []),
      ...(stated.length && source >= 0 ? [sourceList([source])] : section(text("facts"), facts.length ? factList(facts) : make("p.meta", {}, text("no-facts")))),
      ...stated,
      ...section(`${text("neighbours")} (${beside})`, beside ? neighbourList(node) : null),
    ];
  }

  function edgePanel(edge) {
    const facts = (edge.about || []).flatMap((key) => data.facts[key] || []);
    return [
      make("p.kind", {}, sample(edge), ...(data.directed ? [termed(edge.name)] : []), drawing.byStatus(edge) ? termed(GROUP_NAMES[edge.group]) : "", contest(edge.contested)),
      ...section(text("joins"), make("ul.neighbours", {}, ...edge.ends.map((node) => make("li", {}, shape(data.kinds[node.group]), thing(node))))),
      ...section(`${text("pacts")} (${edge.held.length})`, edge.held.length ? pactList(edge) : null),
      ...(facts.length || !edge.rests.length ? section(text("facts"), facts.length ? factList(facts) : make("p.meta", {}, text("no-facts"))) : []),
    ];
  }

  function fillPanel(one) {
    const heading = make("h2", { tabIndex: -1 }, ...(one.ends ? [said(one.ends[0].name), data.directed ? " → " : " – ", said(one.ends[1].name)] : [said(one.name)]));
    const held = drawing.dates(one);
    const inside = one.ends ? edgePanel(one) : nodePanel(one);
    inside[0].append(make("a.meta", { href: here(one) }, text("permalink")));
    panel.replaceChildren(
      make("div.top", {}, heading, make("button", { type: "button", onclick: () => close() }, text("close"))),
      inside.shift(),
      held ? make("p.meta", {}, `${text("holds")} ${held}`) : "",
      ...inside);
    panel.scrollTop = 0;
    return heading;
  }

  /** Show the details of a node or an edge; `from` gets the focus back when they are closed. */
  function open(one, from, focus = true) {
    if (!one) return;
    if (!one.on) {
      records.askAll();
      records.settle();
      showAsked();
      drawing.refresh();
      list();
      tableLater();
    }
    opener = from || opener || things;
    chosen = one;
    const heading = fillPanel(one);
    panel.hidden = false;
    things.hidden = !narrow.matches;
    $("tabs").hidden = !narrow.matches;
    activate(found.indexOf(one), false);
    if (focus) heading.focus({ preventScroll: true });
    document.title = `${nameOf(one)} · ${title}`;
    // Not by location.hash, which would look for a place of that name on the whole page.
    if (location.hash !== here(one)) history.pushState(null, "", here(one));
    drawing.mark(one);
    $("here").href = here(one);
  }

  /** Open a node or an edge from outside the drawing: mark it there and bring it into view. */
  function choose(one, from, animate = true) {
    if (!one) return;
    open(one, from, animate);
    const { canvas } = drawing;
    const sheet = narrow.matches ? Math.max(0, canvas.getBoundingClientRect().bottom - panel.getBoundingClientRect().top) : 0;
    drawing.reveal(one, Math.min(sheet, canvas.clientHeight * 0.7), animate);
  }

  function close(returnFocus = true) {
    if (!chosen) return;
    const back = opener;
    chosen = opener = null;
    panel.hidden = true;
    panel.replaceChildren();
    things.hidden = $("tabs").hidden = false;
    document.title = title;
    drawing.mark(null);
    writeHash();
    if (returnFocus) (back && back.isConnected ? back : things).focus({ preventScroll: true });
    activate(active);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menu = event.target.closest && event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); } else if (chosen) close();
  });
  drawing.network.on("selectNode", (event) => open(byId.get(event.nodes[0]), drawing.frame));
  drawing.network.on("selectEdge", (event) => { if (!event.nodes.length) open(edges.find((edge) => edge.id === event.edges[0]), drawing.frame); });
  drawing.network.on("deselectNode", (event) => { if (!event.nodes.length && !event.edges.length) close(); });
  drawing.network.on("deselectEdge", (event) => { if (!event.nodes.length && !event.edges.length) close(); });

  // ---------------------------------------------------------------- the address: #key?what is asked for

  /** The address of a selection, or of none, with what is asked for now. */
  function here(one) {
    const wanted = records.written();
    return `${one ? anchor(one) : "#"}${wanted ? `?${wanted}` : ""}`;
  }
  let writing = 0;
  /** Put it into the address bar, a little later: a browser stops pages that do so at every step of a slider. */
  function writeHash() {
    $("here").href = here(chosen);
    clearTimeout(writing);
    writing = setTimeout(() => {
      const now = here(chosen);
      if (now === "#" ? location.hash : location.hash !== now) history.replaceState(null, "", now === "#" ? location.href.split("#")[0] : now);
    }, 100);
  }
  function hashParts() {
    const [key, ...rest] = location.hash.slice(1).split("?");
    try {
      const plain = decodeURIComponent(key);
      return [byId.get(plain) || byKey.get(plain) || null, rest.join("?")];
    } catch {
      return [null, ""];
    }
  }
  function followHash(animate) {
    const [one, wanted] = hashParts();
    if (wanted !== records.written() && (one || wanted || !location.hash)) {
      records.read(wanted);
      records.settle();
      if (chosen && !chosen.on) chosen = null;
      showAsked();
      drawing.refresh();
      list();
      tableLater();
    }
    if (one && chosen !== one) choose(one, things, animate);
    else if (!one && chosen) close();
    $("here").href = here(chosen);
  }
  addEventListener("hashchange", () => followHash(true));
  // A link to a thing from this page's table keeps what is asked for.
  $("table").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    const key = decodeURIComponent(link.hash.slice(1));
    event.preventDefault();
    choose(byId.get(key) || byKey.get(key), link);
  });

  // ---------------------------------------------------------------- table and query

  const rows = $("table").querySelectorAll("tbody tr");
  /** Leave out of the table what is not shown; a closed table can wait. */
  function tableLater() {
    if (!$("table").open) return;
    edges.forEach((edge, index) => { if (rows[index].hidden === edge.on) rows[index].hidden = !edge.on; });
  }
  $("table").addEventListener("toggle", tableLater);

  if ($("copy")) {
    $("copy").addEventListener("click", async () => {
      let done = true;
      try {
        await navigator.clipboard.writeText($("query").textContent);
      } catch {
        getSelection().selectAllChildren($("query"));
        done = document.execCommand("copy");
      }
      $("copy-result").textContent = text(done ? "copied" : "not-copied");
    });
  }

  language.onChange(() => {
    nameChoices();
    showAsked();
    list();
    if (chosen) fillPanel(chosen);
  });

  // For scripts and tests: where a node, or the middle of an edge, stands in the window, in CSS pixels.
  window.networkView = Object.freeze({
    at(key) {
      const [one, other] = byId.has(key) ? [byId.get(key), byId.get(key)] : byKey.get(key).ends;
      const spot = drawing.network.canvasToDOM({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
      const box = drawing.canvas.getBoundingClientRect();
      return { x: box.left + spot.x, y: box.top + spot.y };
    },
  });

  setUpFilters();
  showAsked();
  list();
  drawing.begin();
  followHash(false);
})();
