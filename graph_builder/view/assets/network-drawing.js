// Draws the network with vis-network; names are written on it here, at one size and never over each other.
// Every text of the data is canvas text or one of vis-network's plain-text titles; none is ever parsed as markup.
window.pageDrawing = (() => {
  "use strict";
  const root = document.documentElement;
  const { data, nodes, edges, byId, isolated, GROUP_NAMES } = window.pageRecords;
  const language = window.pageLanguage;
  const LABELLED = 350; // labels in the drawing at once
  const CROWD = 3000; // above it, what costs time for every node is left out
  const FONT = 12;
  const LEADING = 14;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const large = Math.max(nodes.length, edges.length) > CROWD;
  // How the lines of each status are drawn; the colours stand in the style sheet.
  const LINES = {
    "in-force": { width: 3.2, dashes: false }, operational: { width: 3, dashes: [14, 5] }, signed: { width: 1.6, dashes: false },
    negotiation: { width: 2, dashes: [2, 5] }, ended: { width: 1.5, dashes: [9, 4, 2, 4] }, unknown: { width: 1.2, dashes: [5, 5] },
  };

  for (const node of nodes) {
    // The mark of a contest stays outside the isolate, at the end of the name whichever way that is written.
    node.lines = node.label.split("\n").map((line) => line.replace(/^(.*?)( ‡)?$/u, "\u2068$1\u2069$2"));
    node.ownSize = node.size;
  }
  const weighty = [...nodes].sort((a, b) => b.touching.length - a.touching.length || a.group - b.group);
  const crowded = nodes.length > 150;
  const hubOf = (leaf) => leaf.touching[0].ends.find((node) => node !== leaf) || leaf;
  const isLeaf = (node) => node.touching.length === 1;
  const main = new Set(weighty.slice(0, 6).filter((node) => node.touching.length >= 8));

  function dates(thing) {
    const parts = [];
    if (thing.start) parts.push(language.text("from", { date: isolated(thing.start) }));
    if (thing.end) parts.push(language.text("until", { date: isolated(thing.end) }));
    return parts.join(" ");
  }
  const count = (number, what) => (number === 1 ? language.text(`${what}-one`) : language.text(`${what}-many`, { count: number }));

  /** Tell whether an edge is drawn by the status of its pacts. */
  const byStatus = (edge) => data.byStatus && Boolean(edge.group) && !edge.aside;

  function tooltip(thing) {
    const mark = thing.contested ? `‡ ${language.text("contested")}` : "";
    if (!thing.ends) return [isolated(thing.name), [language.term(data.kinds[thing.group].name), dates(thing), mark].filter(Boolean).join(" · ")].join("\n");
    const rests = thing.held.length ? thing.held.slice(0, 6).map((pact) => isolated(pact.name)) : [];
    if (thing.held.length > 6) rests.push("…");
    const standing = byStatus(thing) ? language.term(GROUP_NAMES[thing.group]) : "";
    const name = !data.directed && thing.held.length > 1 ? count(thing.held.length, "pact") : isolated(language.term(thing.name));
    return [thing.title, [name, standing, dates(thing), mark].filter(Boolean).join(" · "), ...(byStatus(thing) ? rests : [])].filter(Boolean).join("\n");
  }

  // ---------------------------------------------------------------- colours

  let paint = {};
  function readColours() {
    const style = getComputedStyle(root);
    const names = ["raised", "ink", "soft", "contest", "edge", "edge-strong", "node-line", "focus", ...Object.keys(LINES)];
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

  /** How an edge is drawn now: by the status of its pacts, and pale beside a selection that it is no part of. */
  function look(edge) {
    const own = !chosen || edge === chosen || edge.ends.includes(chosen);
    const style = byStatus(edge) ? LINES[edge.group] : null;
    const colour = style ? paint[edge.group] : paint.edge;
    return {
      id: edge.id,
      hidden: !edge.on,
      color: { color: colour, highlight: style ? colour : paint["edge-strong"], hover: style ? colour : paint["edge-strong"], opacity: own ? 1 : 0.15 },
      width: (style ? style.width : 1) + (edge === chosen ? 1.6 : 0),
      dashes: style ? style.dashes : edge.dashes || false,
    };
  }

  // ---------------------------------------------------------------- the network

  let chosen = null; // the node or the edge whose details are open
  let hovered = null;
  let near = new Set(); // the nodes beside it
  let moved = false; // the reader has changed the view: do not change it back

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
      // In a crowd most names have to wait until they are nearer.
      const half = large ? 40 : crowded ? Math.max(24, node.size * scale) : Math.max(widthOf(node) / 2, node.size * scale) + 4;
      left = Math.min(left, node.x * scale - half);
      right = Math.max(right, node.x * scale + half);
      top = Math.min(top, (node.y - node.size) * scale - 6);
      bottom = Math.max(bottom, (node.y + node.size) * scale + (crowded ? 1 : node.lines.length) * LEADING + 8);
    }
    return [left, right, top, bottom];
  }

  /** The largest scale at which everything is in sight, which is searched, because labels keep their size. */
  function fitting() {
    const visible = nodes.filter((node) => node.on);
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!visible.length || !width || !height) return null;
    let [small, big] = [0.01, 1.25];
    for (let step = 0; step < 14; step += 1) {
      const middle = (small + big) / 2;
      const [left, right, top, bottom] = extent(visible, middle);
      if (right - left <= width && bottom - top <= height) small = middle; else big = middle;
    }
    // On a small screen symbols would shrink to specks.
    return { scale: small, growth: large ? 1 : Math.max(1, Math.min(crowded && small > 0.25 ? 1.2 : 1.7, 0.62 / small)) };
  }
  function grow(growth) {
    for (const node of nodes) node.size = node.ownSize * growth;
  }

  const canvas = document.getElementById("canvas");
  let fitTo = ""; // the size of the drawing that it was fitted to
  const begin = fitting();
  if (begin) grow(begin.growth);

  // vis-network gets no labels: they are drawn below.
  const nodeSet = new vis.DataSet(nodes.map((node) => ({
    id: node.id, x: node.x, y: node.y, size: node.size, shape: node.shape, group: node.group, title: tooltip(node), hidden: !node.on,
    ...(node.contested ? { borderWidth: node.borderWidth, shapeProperties: node.shapeProperties } : {}),
  })));
  const edgeSet = new vis.DataSet(edges.map((edge) => ({
    from: edge.from, to: edge.to,
    ...(edge.smooth ? { smooth: edge.smooth } : {}),
    ...(byStatus(edge) ? look(edge) : { id: edge.id, hidden: !edge.on, dashes: edge.dashes || false }),
  })));

  const started = performance.now();
  const network = new vis.Network(canvas, { nodes: nodeSet, edges: edgeSet }, merged(data.options));
  for (const edge of edges) Object.defineProperty(network.body.edges[edge.id], "title", { get: () => tooltip(edge) });
  const frame = canvas.querySelector(".vis-network");
  frame.setAttribute("role", "application");
  frame.dataset.label = "drawing";
  frame.setAttribute("aria-label", language.text("drawing"));

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

  /** Show all. */
  function fit(fitted = fitting()) {
    if (!fitted) return;
    const { scale, growth } = fitted;
    if (Math.abs(nodes[0].size - nodes[0].ownSize * growth) > 0.1) {
      grow(growth);
      nodeSet.update(nodes.map((node) => ({ id: node.id, size: node.size })));
      refresh();
    }
    const [left, right, top, bottom] = extent(nodes.filter((node) => node.on), scale);
    network.moveTo({ position: { x: (left + right) / 2 / scale, y: (top + bottom) / 2 / scale }, scale });
    fitTo = `${canvas.clientWidth} ${canvas.clientHeight}`;
  }

  // A crowd takes too long to draw to be drawn many times on the way.
  const gentle = (duration) => (still.matches || crowded ? false : { duration, easingFunction: "easeInOutQuad" });
  function zoom(factor) {
    moved = true;
    network.moveTo({ scale: network.getScale() * factor, animation: gentle(180) });
  }

  // Positions change only while the physics runs or a node is dragged.
  let moving = false;
  function takePositions(ids) {
    for (const [id, at] of Object.entries(network.getPositions(ids))) Object.assign(byId.get(id), at);
  }

  // ---------------------------------------------------------------- names

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

  let written = []; // the labels of the last drawing, for a picture of it
  function write(context, words) {
    written.push(words);
    context.textAlign = words.align;
    context.globalAlpha = words.alpha;
    words.lines.forEach((line, index) => {
      const at = words.y + index * LEADING;
      context.strokeText(line, words.x, at);
      context.fillStyle = words.colour;
      context.fillText(line, words.x, at);
    });
    context.globalAlpha = 1;
  }

  /** The place of a point of the network on the screen, in CSS pixels from the drawing's corner. */
  function projection() {
    const scale = network.getScale();
    const centre = network.getViewPosition();
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    return { scale, width, height, to: (at) => [(at.x - centre.x) * scale + width / 2, (at.y - centre.y) * scale + height / 2] };
  }

  function drawLabels(context) {
    if (moving) takePositions();
    const { scale, width, height, to } = projection();
    const ratio = context.canvas.width / width;
    written = [];
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
    const first = chosen && chosen.ends ? chosen.ends : [chosen];
    const order = chosen || hovered ? [...first, hovered, ...weighty.filter((node) => near.has(node)), ...weighty] : weighty;
    const seen = new Set();
    for (const node of order) {
      if (!node || seen.has(node) || !node.on) continue;
      seen.add(node);
      const [x, y] = to(node);
      if (x < -20 || x > width + 20 || y < -20 || y > height + 20) continue;
      const radius = node.size * scale;
      inView.push([node, x, y, radius]);
      if (!large) symbols.add({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius, owner: crowded && isLeaf(node) ? hubOf(node) : node });
    }
    let done = 0;
    const waiting = [];
    // Once round with every label in its own place, below; then the rest wherever there is room beside the symbol.
    // In a crowd, the name of a thing may cover what hangs on it alone, and what hangs so is named when it is near.
    for (const item of inView) if (!(crowded && isLeaf(item[0]) && scale < 0.45 && item[0] !== hovered && !chosen) && !label(item, 1)) waiting.push(item);
    for (const item of waiting) label(item, 4);

    function label([node, x, y, radius], tries) {
      if (done >= LABELLED) return true;
      const must = first.includes(node) || node === hovered;
      const wide = widthOf(node);
      const high = node.lines.length * LEADING;
      const gap = radius + 3;
      const free = [
        ["center", x - wide / 2, y + gap],
        ["center", x - wide / 2, y - gap - high],
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
      const faded = chosen && !must && !near.has(node);
      write(context, { lines: node.lines, x: anchor, y: spot.top, align: spot.align, colour: paint.ink, alpha: faded ? 0.35 : 1, size: FONT });
      done += 1;
      return true;
    }
    if (!large) drawEdgeLabels(context, taken, symbols, to);
    context.restore();
    canvas.dataset.labels = String(done);
    canvas.dataset.shown = String(seen.size);
  }

  /** Contested edges carry the mark; the chosen node's edges say what they are. */
  function drawEdgeLabels(context, taken, symbols, to) {
    context.font = `italic ${FONT - 1}px ${paint.font}`;
    const told = new Map(); // a relation is named a few times, not on each of forty edges
    for (const edge of edges) {
      const own = chosen && (edge === chosen || edge.ends.includes(chosen));
      if (!edge.on || (!own && !edge.contested)) continue;
      const [from, end] = edge.ends;
      // A mark may stand anywhere along the edge; words near the middle, where they are looked for.
      const name = language.term(edge.name);
      const named = own && data.directed && (told.get(name) || 0) < 4;
      const words = (named ? isolated(name.slice(0, 40)) : "") + (edge.contested ? " ‡" : "");
      if (!words) continue;
      const wide = context.measureText(words).width + 2;
      const spot = (own ? [0.5, 0.6, 0.4] : [0.5, 0.4, 0.6, 0.3, 0.7]).map((share) => {
        const [x, y] = to({ x: from.x + (end.x - from.x) * share, y: from.y + (end.y - from.y) * share });
        return { x, y, left: x - wide / 2, right: x + wide / 2, top: y - 7, bottom: y + 7, owner: edge };
      }).find((box) => !taken.meets(box, edge) && !symbols.meets(box, edge));
      if (!spot) continue;
      taken.add(spot);
      if (named) told.set(name, (told.get(name) || 0) + 1);
      const colour = edge.contested ? paint.contest : paint.soft;
      write(context, { lines: [words.trim()], x: spot.x, y: spot.y - 6, align: "center", colour, alpha: chosen && !own ? 0.35 : 1, size: FONT - 1, italic: true });
    }
  }

  network.on("afterDrawing", drawLabels);
  network.once("afterDrawing", () => {
    root.dataset.ready = "drawn";
    root.dataset.drawnMs = String(Math.round(performance.now()));
    root.dataset.networkMs = String(Math.round(performance.now() - started));
  });
  network.on("zoom", () => { moved = true; });
  const motion = document.getElementById("motion");
  network.on("dragEnd", (event) => { moved = true; if (event.nodes.length) takePositions(event.nodes); moving = motion.checked; });
  network.on("dragStart", (event) => { if (event.nodes.length) moving = true; });
  network.on("hoverNode", (event) => { hovered = byId.get(event.node); });
  network.on("blurNode", () => { hovered = null; });
  new ResizeObserver(() => { if (!moved && fitTo !== `${canvas.clientWidth} ${canvas.clientHeight}`) fit(); network.redraw(); }).observe(canvas);
  dark.addEventListener("change", () => { readColours(); network.setOptions(themed()); refresh(); });
  motion.addEventListener("change", () => {
    moving = true;
    network.setOptions({ physics: { enabled: motion.checked } });
    if (!motion.checked) { takePositions(); moving = false; network.redraw(); }
  });
  language.onChange(() => {
    nodeSet.update(nodes.map((node) => ({ id: node.id, title: tooltip(node) })));
    refresh();
  });

  // ---------------------------------------------------------------- what the page asks of the drawing

  const opacityOf = (node) => (!chosen || node === chosen || near.has(node) ? 1 : 0.18);
  const looks = new Map(); // of each edge: how it was last drawn
  const edgeSign = (edge) => (large ? "" : [paint.edge, !chosen || edge === chosen || edge.ends.includes(chosen), edge === chosen, edge.group, edge.held.length].join(" "));

  /**
   * Show what the records say is shown, and let the chosen thing and what is beside it stand out.
   * vis-network's data sets would go through all options of each.
   */
  function refresh() {
    const { nodes: drawnNodes, edges: drawnEdges, emitter } = network.body;
    let turned = false;
    for (const node of nodes) {
      const { options } = drawnNodes[node.id];
      turned ||= options.hidden === node.on;
      options.hidden = !node.on;
      // Without one, no colour is mixed anew for every drawing.
      if (!large) options.opacity = opacityOf(node) < 1 ? opacityOf(node) : undefined;
    }
    for (const edge of edges) {
      const drawn = drawnEdges[edge.id];
      turned ||= drawn.options.hidden === edge.on;
      drawn.options.hidden = !edge.on;
      if (edge.on && looks.get(edge) !== edgeSign(edge)) {
        looks.set(edge, edgeSign(edge));
        const { color, width, dashes } = look(edge);
        // With its opacity in it, a colour is not read and mixed anew for every drawing.
        const depth = Math.round(color.opacity * 255).toString(16).padStart(2, "0");
        const mixed = (colour) => colour + depth;
        Object.assign(drawn.options, { width, dashes, color: { color: mixed(color.color), highlight: mixed(color.highlight), hover: mixed(color.hover), inherit: false, opacity: 1 } });
      }
    }
    // "_dataChanged" would do this too, and connect every edge anew; the physics moves what is hidden as well.
    if (turned) network._updateVisibleIndices();
    emitter.emit("_requestRedraw");
  }

  /** Mark a node, an edge or (null) nothing as chosen. */
  function mark(thing) {
    chosen = thing;
    near = new Set(!thing ? [] : thing.ends || thing.touching.filter((edge) => edge.on).flatMap((edge) => edge.ends));
    // By setSelection alone, which asks for one drawing with what else is changed; other ways draw at once.
    network.setSelection({ nodes: thing && !thing.ends ? [thing.id] : [], edges: thing && thing.ends ? [thing.id] : [] });
    refresh();
  }

  /** Bring a node or an edge into view, above what covers the drawing's lower part. */
  function reveal(thing, covered, animate) {
    const [one, other] = thing.ends || [thing, thing];
    const at = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
    const { x, y } = network.canvasToDOM(at);
    const inSight = x > 50 && x < canvas.clientWidth - 50 && y > 40 && y < canvas.clientHeight - covered - 50 && (thing.ends || network.getScale() > 0.5);
    if (inSight) return;
    moved = true;
    network.moveTo({ position: at, scale: Math.max(network.getScale(), thing.ends ? 0.5 : 0.9), offset: { x: 0, y: -covered / 2 }, animation: animate && gentle(350) });
  }

  /** What the drawing shows now, for a picture of it. */
  function picture() {
    const { scale, width, height, to } = projection();
    return {
      width, height, scale, ground: paint.raised, font: paint.font, leading: LEADING, labels: written, canvas: canvas.querySelector("canvas"),
      arrows: data.directed && !large,
      edges: edges.filter((edge) => edge.on).map((edge) => ({ edge, look: look(edge), ends: edge.ends.map(to), radius: edge.ends[1].size * scale })),
      nodes: nodes.filter((node) => node.on).map((node) => ({
        node, at: to(node), radius: node.size * scale, shape: data.kinds[node.group].shape, fill: data.kinds[node.group].colour, line: paint["node-line"],
        opacity: opacityOf(node),
      })),
    };
  }

  for (const edge of edges) looks.set(edge, edgeSign(edge));

  return {
    frame, canvas, network, dates, count, zoom, refresh, mark, reveal, picture, LINES,
    byStatus,
    showAll: () => { moved = false; fit(); },
    begin: () => { if (begin) fit(begin); },
  };
})();
