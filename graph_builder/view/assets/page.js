// A network page: draws the network, and shows what is held about a thing, why, and who says otherwise.
// Every text of the data reaches the page through textContent, canvas text or vis-network's plain-text
// titles; none is ever parsed as markup.
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const text = data.text;
  const LISTED = 250; // options in the list at once
  const LABELLED = 350; // labels in the drawing at once
  const CROWD = 3000; // above it, what costs time for every node is left out
  const FONT = 12;
  const LEADING = 14;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 60rem)");

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  // FIRST STRONG ISOLATE ... POP: a name cannot turn round the text beside it.
  const isolated = (words) => `\u2068${words}\u2069`;

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
  const said = (words) => make("span.text", {}, words);

  function shape(kind) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#shape-${kind.shape}`);
    svg.setAttribute("fill", kind.colour);
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return make("span.shape", {}, svg);
  }

  // ---------------------------------------------------------------- the data

  const nodes = data.nodes;
  const edges = data.edges;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    node.name = node.name.trim() || node.id;
    // The mark of a contest stays outside the isolate, at the end of the name whichever way that is written.
    node.lines = node.label.split("\n").map((line) => line.replace(/^(.*?)( ‡)?$/u, "\u2068$1\u2069$2"));
    node.touching = [];
    node.ownSize = node.size;
  }
  for (const edge of edges) {
    byId.get(edge.from).touching.push(edge);
    if (edge.to !== edge.from) byId.get(edge.to).touching.push(edge);
  }
  const alphabet = new Intl.Collator(text.lang, { numeric: true });
  const listed = [...nodes].sort((a, b) => a.group - b.group || alphabet.compare(a.name, b.name));
  const weighty = [...nodes].sort((a, b) => b.touching.length - a.touching.length);
  const main = new Set(weighty.slice(0, 6).filter((node) => node.touching.length >= 8));
  const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  for (const node of nodes) node.folded = folded(node.name);
  const hiddenKinds = new Set(); // group ids, which are texts
  const shown = (node) => !hiddenKinds.has(node.group);
  const large = Math.max(nodes.length, edges.length) > CROWD;

  function dates(thing) {
    const parts = [];
    if (thing.start) parts.push(fill(text.from, { date: isolated(thing.start) }));
    if (thing.end) parts.push(fill(text.until, { date: isolated(thing.end) }));
    return parts.join(" ");
  }

  function tooltip(thing, kind) {
    const about = [kind, dates(thing), thing.contested ? `‡ ${text.contested}` : ""].filter(Boolean);
    return [isolated(thing.name), about.join(" · ")].filter(Boolean).join("\n");
  }

  // ---------------------------------------------------------------- the drawing

  let paint = {};
  function readColours() {
    const style = getComputedStyle(root);
    const names = ["raised", "ink", "soft", "contest", "edge", "edge-strong", "node-line", "focus"];
    paint = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    paint.font = getComputedStyle(document.body).fontFamily;
  }
  readColours();

  function themed() {
    const line = paint["node-line"];
    return {
      groups: Object.fromEntries(data.kinds.map((kind, index) => [index, {
        shape: kind.shape,
        color: {
          background: kind.colour,
          border: line,
          highlight: { background: kind.colour, border: paint.focus },
          hover: { background: kind.colour, border: paint.focus },
        },
      }])),
      edges: { color: { opacity: large ? 0.3 : 1, color: paint.edge, highlight: paint["edge-strong"], hover: paint["edge-strong"] } },
    };
  }

  function merged(options) {
    const theme = themed();
    return { ...options, groups: theme.groups, edges: { ...options.edges, ...theme.edges } };
  }

  // vis-network gets no labels: they are drawn below, at one size whatever the zoom, and never over each other.
  const nodeSet = new vis.DataSet(nodes.map((node) => ({
    id: node.id, x: node.x, y: node.y, size: node.size, shape: node.shape, group: node.group,
    title: tooltip(node, data.kinds[node.group].name),
    ...(node.contested ? { borderWidth: node.borderWidth, shapeProperties: node.shapeProperties } : {}),
  })));
  const edgeSet = new vis.DataSet(edges.map((edge) => ({
    id: edge.id, from: edge.from, to: edge.to, title: tooltip(edge, ""),
    ...(edge.dashes ? { dashes: edge.dashes } : {}),
    ...(edge.smooth ? { smooth: edge.smooth } : {}),
  })));

  const canvas = $("canvas");
  const started = performance.now();
  const network = new vis.Network(canvas, { nodes: nodeSet, edges: edgeSet }, merged(data.options));
  const frame = canvas.querySelector(".vis-network");
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", text.drawing);

  // vis-network's own keys would take the focus whenever the pointer crosses a node.
  frame.addEventListener("keydown", (event) => {
    const step = 60 / network.getScale();
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in ways) {
      const { x, y } = network.getViewPosition();
      moved = true;
      network.moveTo({ position: { x: x + ways[event.key][0] * step, y: y + ways[event.key][1] * step } });
    } else if (event.key === "+" || event.key === "=") zoom(1.35);
    else if (event.key === "-") zoom(1 / 1.35);
    else return;
    event.preventDefault();
  });

  let chosen = null; // the node whose details are open
  let hovered = null;
  let moved = false; // the reader has changed the view: do not change it back
  let near = new Set(); // ids of the chosen node's neighbours

  const ruler = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  /** Width of a label in the drawing, in CSS pixels. */
  function widthOf(node) {
    let width = widths.get(node);
    if (width === undefined) {
      ruler.font = `${FONT}px ${paint.font}`;
      width = Math.max(...node.lines.map((line) => ruler.measureText(line).width));
      widths.set(node, width);
    }
    return width;
  }

  /** Room on the screen that nodes and the labels below them take at a scale: left, right, top, bottom. */
  function extent(visible, scale) {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const node of visible) {
      const half = large ? 40 : Math.max(widthOf(node) / 2, node.size * scale) + 4;
      left = Math.min(left, node.x * scale - half);
      right = Math.max(right, node.x * scale + half);
      top = Math.min(top, (node.y - node.size) * scale - 6);
      bottom = Math.max(bottom, (node.y + node.size) * scale + node.lines.length * LEADING + 8);
    }
    return [left, right, top, bottom];
  }

  /** Show all: the largest scale at which everything is in sight. Labels keep their size, so it is searched. */
  function fit() {
    const visible = nodes.filter(shown);
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!visible.length || !width || !height) return;
    let [small, big] = [0.01, 1.25];
    for (let step = 0; step < 18; step += 1) {
      const middle = (small + big) / 2;
      const [left, right, top, bottom] = extent(visible, middle);
      if (right - left <= width && bottom - top <= height) small = middle; else big = middle;
    }
    // On a small screen symbols would shrink to specks.
    const growth = large ? 1 : Math.max(1, Math.min(1.7, 0.62 / small));
    if (Math.abs(nodes[0].size - nodes[0].ownSize * growth) > 0.1) {
      for (const node of nodes) node.size = node.ownSize * growth;
      nodeSet.update(nodes.map((node) => ({ id: node.id, size: node.size })));
    }
    const [left, right, top, bottom] = extent(visible, small);
    network.moveTo({ position: { x: (left + right) / 2 / small, y: (top + bottom) / 2 / small }, scale: small });
  }

  function zoom(factor) {
    moved = true;
    network.moveTo({ scale: network.getScale() * factor, animation: gentle(180) });
  }
  const gentle = (duration) => (still.matches ? false : { duration, easingFunction: "easeInOutQuad" });

  // Positions change only while the physics runs or a node is dragged.
  function takePositions(ids) {
    for (const [id, at] of Object.entries(network.getPositions(ids))) Object.assign(byId.get(id), at);
  }
  let moving = false;

  /** Rectangles already taken on the screen, in a grid so that asking is quick. */
  class Taken {
    constructor() { this.cells = new Map(); }
    *around(box) {
      for (let column = Math.floor(box.left / 80); column <= Math.floor(box.right / 80); column += 1) {
        for (let line = Math.floor(box.top / 40); line <= Math.floor(box.bottom / 40); line += 1) {
          yield column * 100003 + line;
        }
      }
    }
    add(box) {
      for (const key of this.around(box)) {
        const cell = this.cells.get(key);
        if (cell) cell.push(box); else this.cells.set(key, [box]);
      }
    }
    meets(box, owner) {
      for (const key of this.around(box)) {
        for (const other of this.cells.get(key) || []) {
          if (other.owner !== owner && box.left < other.right && other.left < box.right
            && box.top < other.bottom && other.top < box.bottom) return true;
        }
      }
      return false;
    }
  }

  function write(context, lines, x, y, align, colour, alpha) {
    context.textAlign = align;
    context.globalAlpha = alpha;
    lines.forEach((line, index) => {
      const at = y + index * LEADING;
      context.strokeText(line, x, at);
      context.fillStyle = colour;
      context.fillText(line, x, at);
    });
    context.globalAlpha = 1;
  }

  function drawLabels(context) {
    if (moving) takePositions();
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const scale = network.getScale();
    const centre = network.getViewPosition();
    const ratio = context.canvas.width / width;
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `${FONT}px ${paint.font}`;
    context.textBaseline = "top";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = paint.raised;

    const taken = new Taken(); // by labels
    const symbols = new Taken();
    const inView = [];
    const order = chosen || hovered
      ? [chosen, hovered, ...weighty.filter((node) => near.has(node.id)), ...weighty]
      : weighty;
    const seen = new Set();
    for (const node of order) {
      if (!node || seen.has(node) || !shown(node)) continue;
      seen.add(node);
      const x = (node.x - centre.x) * scale + width / 2;
      const y = (node.y - centre.y) * scale + height / 2;
      if (x < -20 || x > width + 20 || y < -20 || y > height + 20) continue;
      const radius = node.size * scale;
      inView.push([node, x, y, radius]);
      if (!large) symbols.add({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius, owner: node });
    }
    let written = 0;
    const waiting = [];
    // Once round with every label in its own place, below; then the rest wherever there is room beside the symbol.
    for (const item of inView) if (!label(item, 1)) waiting.push(item);
    for (const item of waiting) label(item, 4);

    function label([node, x, y, radius], tries) {
      if (written >= LABELLED) return true;
      const must = node === chosen || node === hovered;
      const wide = widthOf(node);
      const high = node.lines.length * LEADING;
      const gap = radius + 3;
      const free = [
        ["center", x - wide / 2, y + gap],
        ["center", x - wide / 2, y - gap - high],
        ["left", x + gap, y - high / 2],
        ["right", x - gap - wide, y - high / 2],
      ].slice(0, tries).map(([align, left, top]) => ({ align, left: left - 1, right: left + wide + 1, top, bottom: top + high, owner: node }))
        .filter((box) => must || (box.left > 1 && box.right < width - 1 && box.top > 1 && box.bottom < height - 1 && !taken.meets(box, node)));
      // The few best-connected nodes keep their names even where those cover the symbols of others.
      const spot = free.find((box) => !symbols.meets(box, node)) || (must || main.has(node) ? free[0] : undefined);
      if (!spot) return false;
      taken.add(spot);
      const anchor = spot.align === "center" ? (spot.left + spot.right) / 2 : spot[spot.align] + (spot.align === "left" ? 1 : -1);
      const faded = chosen && !must && !near.has(node.id);
      write(context, node.lines, anchor, spot.top, spot.align, paint.ink, faded ? 0.35 : 1);
      written += 1;
      return true;
    }
    if (!large) drawEdgeLabels(context, taken, symbols, (at) => [(at.x - centre.x) * scale + width / 2, (at.y - centre.y) * scale + height / 2]);
    context.restore();
    canvas.dataset.labels = String(written);
    canvas.dataset.shown = String(seen.size);
  }

  /** Contested edges carry the mark; the chosen node's edges say what they are. */
  function drawEdgeLabels(context, taken, symbols, toScreen) {
    context.font = `italic ${FONT - 1}px ${paint.font}`;
    const told = new Map(); // a relation is named a few times, not on each of forty edges
    for (const edge of edges) {
      const own = chosen && (edge.from === chosen.id || edge.to === chosen.id);
      if (!own && !edge.contested) continue;
      const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
      if (!shown(from) || !shown(to)) continue;
      // A mark may stand anywhere along the edge; words near the middle, where they are looked for.
      const named = own && (told.get(edge.name) || 0) < 4;
      const words = (named ? isolated(edge.name.slice(0, 40)) : "") + (edge.contested ? " ‡" : "");
      if (!words) continue;
      const wide = context.measureText(words).width + 2;
      const spot = (own ? [0.5, 0.6, 0.4] : [0.5, 0.4, 0.6, 0.3, 0.7]).map((share) => {
        const [x, y] = toScreen({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share });
        return { x, y, left: x - wide / 2, right: x + wide / 2, top: y - 7, bottom: y + 7, owner: edge };
      }).find((box) => !taken.meets(box, edge) && !symbols.meets(box, edge));
      if (!spot) continue;
      taken.add(spot);
      if (named) told.set(edge.name, (told.get(edge.name) || 0) + 1);
      write(context, [words.trim()], spot.x, spot.y - 6, "center", edge.contested ? paint.contest : paint.soft, chosen && !own ? 0.35 : 1);
    }
  }

  network.on("afterDrawing", drawLabels);
  network.once("afterDrawing", () => {
    root.dataset.ready = "drawn";
    root.dataset.drawnMs = String(Math.round(performance.now()));
    root.dataset.networkMs = String(Math.round(performance.now() - started));
  });
  network.on("zoom", () => { moved = true; });
  network.on("dragEnd", (event) => { moved = true; if (event.nodes.length) takePositions(event.nodes); moving = $("motion").checked; });
  network.on("dragStart", (event) => { if (event.nodes.length) moving = true; });
  network.on("hoverNode", (event) => { hovered = byId.get(event.node); });
  network.on("blurNode", () => { hovered = null; });
  network.on("selectNode", (event) => open(byId.get(event.nodes[0]), frame));
  network.on("deselectNode", (event) => { if (!event.nodes.length) close(); });
  new ResizeObserver(() => { if (!moved) fit(); network.redraw(); }).observe(canvas);
  dark.addEventListener("change", () => { readColours(); network.setOptions(themed()); emphasise(); });

  $("fit").addEventListener("click", () => { moved = false; fit(); });
  $("closer").addEventListener("click", () => zoom(1.35));
  $("farther").addEventListener("click", () => zoom(1 / 1.35));
  $("motion").addEventListener("change", (event) => {
    moving = true;
    network.setOptions({ physics: { enabled: event.target.checked } });
    if (!event.target.checked) { takePositions(); moving = false; network.redraw(); }
  });

  /** Let the chosen node and its neighbours stand out by paling the rest. */
  function emphasise() {
    if (large) return;
    nodeSet.update(nodes.map((node) => ({
      id: node.id, opacity: !chosen || node === chosen || near.has(node.id) ? 1 : 0.18,
    })));
    edgeSet.update(edges.map((edge) => ({
      id: edge.id, color: { opacity: !chosen || edge.from === chosen.id || edge.to === chosen.id ? 1 : 0.15 },
    })));
  }

  // ---------------------------------------------------------------- kinds

  for (const holder of $("legend").querySelectorAll(".shape")) {
    holder.replaceChildren(...shape(data.kinds[Number(holder.dataset.kind)]).childNodes);
  }
  $("legend").addEventListener("submit", (event) => event.preventDefault());
  $("legend").addEventListener("change", () => {
    hiddenKinds.clear();
    for (const box of $("legend").querySelectorAll("input")) if (!box.checked) hiddenKinds.add(box.value);
    nodeSet.update(nodes.map((node) => ({ id: node.id, hidden: !shown(node) })));
    edgeSet.update(edges.map((edge) => ({ id: edge.id, hidden: !shown(byId.get(edge.from)) || !shown(byId.get(edge.to)) })));
    if (chosen && !shown(chosen)) close();
    list();
  });

  // ---------------------------------------------------------------- search and list

  const search = $("search");
  const things = $("things");
  let found = [];
  let active = 0;

  function list() {
    const wanted = folded(search.value.trim());
    found = listed.filter((node) => shown(node) && node.folded.includes(wanted));
    if (wanted) found.sort((a, b) => b.folded.startsWith(wanted) - a.folded.startsWith(wanted));
    active = Math.max(0, found.indexOf(chosen));
    const options = found.slice(0, LISTED).map((node, index) => make("li", { id: `thing-${index}`, role: "option", "aria-selected": "false" },
      shape(data.kinds[node.group]), said(node.name), node.contested ? make("span.contest", {}, `‡ ${text.contested}`) : null));
    if (found.length > LISTED) options.push(make("li.rest", { role: "presentation" }, fill(text.more, { count: found.length - LISTED })));
    if (!found.length) options.push(make("li.rest", { role: "presentation" }, text.none));
    things.replaceChildren(...options);
    $("matches").textContent = wanted ? fill(text.matches, { count: found.length }) : "";
    activate(active, false);
  }

  function activate(index, scroll = true) {
    const last = Math.min(found.length, LISTED) - 1;
    active = Math.max(0, Math.min(index, last));
    for (const option of things.querySelectorAll('[aria-selected="true"]')) option.setAttribute("aria-selected", "false");
    const option = last < 0 ? null : things.children[active];
    if (!option) { things.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    things.setAttribute("aria-activedescendant", option.id);
    if (scroll) option.scrollIntoView({ block: "nearest" });
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
    const option = event.target.closest("[role=option]");
    if (!option) return;
    activate([...things.children].indexOf(option));
    choose(found[active], things);
  });
  search.addEventListener("input", () => { if (chosen) close(false); list(); });
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

  const anchor = (key) => `#${encodeURIComponent(key).replaceAll("%2F", "/")}`;
  const thing = (node) => make("button.thing", { type: "button", onclick: () => choose(node, opener) }, said(node.name));
  const valueOf = (fact) => (byId.has(fact.key) ? thing(byId.get(fact.key)) : said(fact.value || text.undetermined));
  const contest = (is) => (is ? make("span.contest", {}, `‡ ${text.contested}`) : null);

  function sourceList(numbers) {
    return make("ul.sources", {}, ...numbers.map((number) => {
      const [name, publisher, url, published, tier] = data.sources[number];
      const safe = /^https?:\/\//i.test(url);
      const about = [publisher, published, tier].filter(Boolean).map(isolated).join(" · ");
      return make("li", {},
        safe ? make("a.text", { href: url, rel: "noopener noreferrer", target: "_blank" }, name || url) : said(name || url),
        about ? make("div.meta", {}, about) : null);
    }));
  }

  function sourcesOf(numbers) {
    if (!numbers || !numbers.length) return make("p.meta", {}, text["no-sources"]);
    const count = numbers.length === 1 ? text["source-one"] : fill(text["source-many"], { count: numbers.length });
    return make("details", {}, make("summary", {}, count), sourceList(numbers));
  }

  function factList(facts) {
    const parts = [];
    let property = null;
    for (const fact of facts) {
      if (fact.property !== property) parts.push(make("dt", {}, said(fact.property)));
      property = fact.property;
      parts.push(make("dd", {}, valueOf(fact), contest(fact.contested),
        fact.reason ? make("p.meta", {}, `${text.reason}: `, said(fact.reason)) : null,
        sourcesOf(fact.sources),
        fact.rivals ? make("div.rivals", {}, make("p", {}, text.rivals), ...fact.rivals.map((rival) => make("div", {}, said(rival.value), sourcesOf(rival.sources)))) : null));
    }
    return make("dl", {}, ...parts);
  }

  function neighbourList(node) {
    return make("ul.neighbours", {}, ...node.touching.map((edge) => {
      const outward = edge.from === node.id;
      const other = byId.get(outward ? edge.to : edge.from);
      return make("li", {}, make("span.meta", {}, said(edge.name), ` ${outward ? text.outward : text.inward}`), thing(other), contest(edge.contested));
    }));
  }

  function fillPanel(node) {
    const facts = data.facts[node.id] || [];
    const heading = make("h2", { tabIndex: -1 }, said(node.name));
    const held = dates(node);
    panel.replaceChildren(
      make("div.top", {}, heading, make("button", { type: "button", onclick: () => close() }, text.close)),
      make("p.kind", {}, shape(data.kinds[node.group]), data.kinds[node.group].name, contest(node.contested), make("a.meta", { href: anchor(node.id) }, text.permalink)),
      held ? make("p.meta", {}, `${text.holds} ${held}`) : "",
      make("h3", {}, text.facts),
      facts.length ? factList(facts) : make("p.meta", {}, text["no-facts"]),
      node.touching.length ? make("h3", {}, `${text.neighbours} (${node.touching.length})`) : "",
      node.touching.length ? neighbourList(node) : "");
    panel.scrollTop = 0;
    return heading;
  }

  /** Show a node's details; `from` gets the focus back when they are closed. */
  function open(node, from, focus = true) {
    if (!node) return;
    if (!shown(node)) {
      $("legend").querySelector(`input[value="${node.group}"]`).click();
    }
    opener = from || opener || things;
    chosen = node;
    near = new Set(node.touching.map((edge) => (edge.from === node.id ? edge.to : edge.from)));
    const heading = fillPanel(node);
    panel.hidden = false;
    things.hidden = !narrow.matches;
    activate(found.indexOf(node), false);
    if (focus) heading.focus({ preventScroll: true });
    document.title = `${isolated(node.name)} · ${title}`;
    if (currentKey() !== node.id) location.hash = anchor(node.id);
    emphasise();
    network.redraw();
  }

  /** Open a node from outside the drawing: mark it there and bring it into view. */
  function choose(node, from, animate = true) {
    if (!node) return;
    open(node, from, animate);
    network.selectNodes([node.id]);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const sheet = narrow.matches ? Math.max(0, canvas.getBoundingClientRect().bottom - panel.getBoundingClientRect().top) : 0;
    const covered = Math.min(sheet, height * 0.7);
    const { x, y } = network.canvasToDOM({ x: node.x, y: node.y });
    const inSight = x > 50 && x < width - 50 && y > 40 && y < height - covered - 50 && network.getScale() > 0.5;
    if (inSight) return;
    moved = true;
    network.moveTo({
      position: { x: node.x, y: node.y }, scale: Math.max(network.getScale(), 0.9),
      offset: { x: 0, y: -covered / 2 }, animation: animate && gentle(350),
    });
  }

  function close(returnFocus = true) {
    if (!chosen) return;
    const back = opener;
    chosen = opener = null;
    near = new Set();
    panel.hidden = true;
    panel.replaceChildren();
    things.hidden = false;
    network.unselectAll();
    document.title = title;
    if (currentKey()) history.replaceState(null, "", location.href.split("#")[0]);
    emphasise();
    network.redraw();
    if (returnFocus) (back && back.isConnected ? back : things).focus({ preventScroll: true });
    activate(active);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen && !event.defaultPrevented) close();
  });

  function currentKey() {
    try {
      const key = decodeURIComponent(location.hash.slice(1));
      return byId.has(key) ? key : "";
    } catch {
      return "";
    }
  }
  function followHash(animate) {
    const key = currentKey();
    if (key && (!chosen || chosen.id !== key)) choose(byId.get(key), things, animate);
    else if (!key && chosen) close();
  }
  addEventListener("hashchange", () => followHash(true));

  // ---------------------------------------------------------------- query

  if ($("copy")) {
    $("copy").addEventListener("click", async () => {
      let done = true;
      try {
        await navigator.clipboard.writeText($("query").textContent);
      } catch {
        getSelection().selectAllChildren($("query"));
        done = document.execCommand("copy");
      }
      $("copy-result").textContent = done ? text.copied : text["not-copied"];
    });
  }

  // For scripts and tests: where a node stands in the window, in CSS pixels.
  window.networkView = Object.freeze({
    at(id) {
      const node = byId.get(id);
      const spot = network.canvasToDOM({ x: node.x, y: node.y });
      const box = canvas.getBoundingClientRect();
      return { x: box.left + spot.x, y: box.top + spot.y };
    },
  });

  list();
  fit();
  followHash(false);
})();
