// Saves what the page shows: the picture as PNG or SVG, the data behind it as CSV or GEXF. All of it is made here,
// from what the page holds; nothing is asked of a network.
(() => {
  "use strict";
  const { data, nodes, edges, standing, today, now, groupOf, dated } = window.pageRecords;
  const drawing = window.pageDrawing;

  // What no XML text can hold is left out, the rest is escaped.
  const plain = (words) => String(words).replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
  const escaped = (words) => plain(words).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const attributes = (values) => Object.entries(values).filter(([, value]) => value !== null && value !== "").map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
  const element = (name, values, inside = "") => (inside ? `<${name}${attributes(values)}>${inside}</${name}>` : `<${name}${attributes(values)}/>`);
  const short = (number) => String(Math.round(number * 100) / 100);

  // ---------------------------------------------------------------- SVG

  // Corners of each shape as vis-network draws it, for a radius of one.
  const turn = (count, from, radius = () => 1) => Array.from({ length: count }, (_, index) => {
    const angle = from + (index * 2 * Math.PI) / count;
    return [radius(index) * Math.cos(angle), radius(index) * Math.sin(angle)];
  });
  const R = 1.15;
  const CORNERS = {
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    triangle: [[0, -R * 0.866 - 0.1], [R, R * 0.866 - 0.1], [-R, R * 0.866 - 0.1]],
    triangleDown: [[0, R * 0.866 + 0.1], [R, -R * 0.866 + 0.1], [-R, -R * 0.866 + 0.1]],
    diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]],
    hexagon: turn(6, 0),
    star: turn(10, -Math.PI / 2, (index) => (index % 2 ? 0.5 : 1.1)),
  };

  function symbol({ node, at: [x, y], radius, shape, fill, line, opacity }) {
    const style = { fill, stroke: line, "stroke-width": node.contested ? 2 : 1, "stroke-dasharray": node.contested ? "4 3" : null, opacity: opacity < 1 ? opacity : null };
    const inside = element("title", {}, escaped(node.name));
    if (!CORNERS[shape]) return element("circle", { cx: short(x), cy: short(y), r: short(radius), ...style }, inside);
    const points = CORNERS[shape].map(([dx, dy]) => `${short(x + dx * radius)},${short(y + dy * radius)}`).join(" ");
    return element("polygon", { points, ...style }, inside);
  }

  /** The point at which vis-network bends an edge beside others between the same nodes. */
  function bend({ smooth }, [x1, y1], [x2, y2]) {
    if (!smooth) return null;
    const [dx, dy] = [x2 - x1, y1 - y2];
    const away = (smooth.roundness * 0.5 + 0.5) * Math.hypot(dx, dy);
    const angle = Math.atan2(dy, dx) + ((smooth.type === "curvedCW" ? smooth.roundness : -smooth.roundness) * 0.5 + 0.5) * Math.PI;
    return [x1 + away * Math.sin(angle), y1 + away * Math.cos(angle)];
  }

  function connection(picture, { edge, look, ends: [from, to], radius }) {
    const width = look.width * picture.scale;
    const style = {
      fill: "none", stroke: look.color.color, "stroke-width": short(Math.max(width, 0.4)), opacity: look.color.opacity < 1 ? look.color.opacity : null,
      "stroke-dasharray": look.dashes ? look.dashes.map((dash) => short(dash * picture.scale)).join(" ") : null,
    };
    if (edge.from === edge.to) return element("circle", { cx: short(from[0]), cy: short(from[1] - radius * 1.6), r: short(radius), ...style });
    const via = bend(edge, from, to);
    const line = element("path", { d: `M${from.map(short).join(" ")} ${via ? `Q${via.map(short).join(" ")} ` : "L"}${to.map(short).join(" ")}`, ...style }, element("title", {}, escaped(edge.title)));
    if (!picture.arrows) return line;
    const [bx, by] = via || from;
    const long = Math.hypot(to[0] - bx, to[1] - by) || 1;
    const [ux, uy] = [(to[0] - bx) / long, (to[1] - by) / long];
    const tip = [to[0] - ux * radius, to[1] - uy * radius];
    const head = 6 * picture.scale;
    const back = [tip[0] - ux * head, tip[1] - uy * head];
    const points = [tip, [back[0] - uy * head * 0.4, back[1] + ux * head * 0.4], [back[0] + uy * head * 0.4, back[1] - ux * head * 0.4]];
    return line + element("polygon", { points: points.map((point) => point.map(short).join(",")).join(" "), fill: look.color.color, opacity: style.opacity });
  }

  function words(picture, label) {
    const anchor = { center: "middle", left: "start", right: "end" }[label.align];
    return label.lines.map((line, index) => element("text", {
      x: short(label.x), y: short(label.y + index * picture.leading + label.size * 0.86), "font-size": label.size, "font-style": label.italic ? "italic" : null,
      "text-anchor": anchor, fill: label.colour, opacity: label.alpha < 1 ? label.alpha : null,
    }, escaped(line))).join("");
  }

  function svg() {
    const picture = drawing.picture();
    const size = { width: picture.width, height: picture.height, viewBox: `0 0 ${picture.width} ${picture.height}` };
    const ink = { "font-family": picture.font, "paint-order": "stroke", stroke: picture.ground, "stroke-width": 3.5, "stroke-linejoin": "round" };
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element("svg", { xmlns: "http://www.w3.org/2000/svg", ...size }, [
      element("title", {}, escaped(document.querySelector("h1").textContent)),
      element("rect", { width: picture.width, height: picture.height, fill: picture.ground }),
      element("g", { id: "edges" }, picture.edges.map((one) => connection(picture, one)).join("\n")),
      element("g", { id: "nodes" }, picture.nodes.map(symbol).join("\n")),
      element("g", { id: "names", ...ink }, picture.labels.map((label) => words(picture, label)).join("\n")),
    ].filter(Boolean).join("\n"))}\n`;
  }

  function png(use) {
    const picture = drawing.picture();
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [picture.canvas.width, picture.canvas.height];
    const context = sheet.getContext("2d");
    context.fillStyle = picture.ground;
    context.fillRect(0, 0, sheet.width, sheet.height);
    context.drawImage(picture.canvas, 0, 0);
    sheet.toBlob(use, "image/png");
  }

  // ---------------------------------------------------------------- data

  const first = (edge) => edge.start || edge.held.filter((pact) => !pact.undated).map((pact) => pact.changes[0][0]).sort()[0] || "";
  /** The days on which a pact began and ended, as far as its dated changes tell. */
  function span(pact) {
    const ended = pact.changes.filter(([day, status]) => day <= now && groupOf(status) === "ended").pop();
    const still = pact.changes.length && groupOf(pact.changes[pact.changes.length - 1][1]) !== "ended";
    return { start: pact.changes.length ? pact.changes[0][0] : "", end: ended && !still ? ended[0] : "" };
  }

  /** A table cell: quoted, and never taken for a formula by a spreadsheet. */
  const cell = (value) => {
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  function csv() {
    const lines = [["from", "from_label", "relation", "to", "to_label", "start", "end", "pacts", "status", "contested"]];
    for (const edge of edges.filter((one) => one.on)) {
      const [from, to] = edge.ends;
      lines.push([from.id, from.name, edge.name, to.id, to.name, edge.start || "", edge.end || "", edge.held.map((pact) => pact.id).join("; "),
        edge.held.map((pact) => standing(pact, today())).join("; "), edge.contested ? "true" : "false"]);
    }
    return `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  function gexf() {
    const value = (id, words) => element("attvalue", { for: id, value: words });
    const time = ({ start, end }) => ({ start: dated(start) ? start.slice(0, 10) : null, end: dated(end) ? end.slice(0, 10) : null });
    const colour = (hex) => ({ r: parseInt(hex.slice(1, 3), 16), g: parseInt(hex.slice(3, 5), 16), b: parseInt(hex.slice(5, 7), 16) });
    const dots = nodes.filter((node) => node.on).map((node) => {
      const kind = data.kinds[node.group];
      return element("node", { id: node.id, label: node.name, ...time(node.pact ? span(node.pact) : node) }, [
        element("attvalues", {}, value("kind", kind.name) + value("contested", Boolean(node.contested))),
        element("viz:size", { value: node.ownSize }), element("viz:position", { x: node.x, y: -node.y, z: 0 }), element("viz:color", colour(kind.colour)),
      ].join(""));
    });
    const lines = edges.filter((edge) => edge.on).map((edge) => element("edge", {
      id: edge.id, source: edge.from, target: edge.to, label: edge.name, ...time({ start: first(edge), end: edge.end }),
    }, element("attvalues", {}, value("pacts", edge.held.map((pact) => pact.id).join("; ")) + value("status", edge.held.map((pact) => standing(pact, today())).join("; "))
      + value("contested", Boolean(edge.contested)))));
    const attribute = (id, type) => element("attribute", { id, title: id, type });
    const graph = element("graph", { defaultedgetype: data.directed ? "directed" : "undirected", mode: "dynamic", timeformat: "date", timerepresentation: "interval" }, [
      element("attributes", { class: "node" }, attribute("kind", "string") + attribute("contested", "boolean")),
      element("attributes", { class: "edge" }, attribute("pacts", "string") + attribute("status", "string") + attribute("contested", "boolean")),
      `<nodes>\n${dots.join("\n")}\n</nodes>`, `<edges>\n${lines.join("\n")}\n</edges>`,
    ].join("\n"));
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element("gexf", { xmlns: "http://gexf.net/1.3", "xmlns:viz": "http://gexf.net/1.3/viz", version: "1.3" }, graph)}\n`;
  }

  // ---------------------------------------------------------------- files

  const MAKERS = { svg: [svg, "image/svg+xml"], csv: [csv, "text/csv"], gexf: [gexf, "application/gexf+xml"] };
  function give(blob, ending) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${data.name.replace(/[^\p{L}\p{N}.-]+/gu, "-") || "network"}.${ending}`;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
  const menu = document.getElementById("save");
  menu.addEventListener("click", (event) => {
    const kind = event.target.closest("button")?.dataset.save;
    if (!kind) return;
    if (kind === "png") png((blob) => give(blob, "png"));
    else give(new Blob([MAKERS[kind][0]()], { type: `${MAKERS[kind][1]};charset=utf-8` }), kind);
    menu.open = false;
  });
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
})();
