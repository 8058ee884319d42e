// The map: what is near together is drawn as one until one comes closer; filters, a year, a panel, distances.
// Texts of the data are only ever set as text.
(() => {
  'use strict';
  const { say, root } = window.pacts;
  const data = JSON.parse(document.getElementById('data').textContent);
  const map = document.getElementById('map');
  const layer = document.getElementById('sites');
  const arcs = document.getElementById('arcs');
  const oceans = document.getElementById('oceans');
  const panel = document.getElementById('panel');
  const form = document.getElementById('filters');
  const told = document.getElementById('told');
  const [middle, width, scale, top] = data.projection;
  const [fullWidth, fullHeight] = map.dataset.size.split(' ').map(Number);
  const home = map.dataset.box.split(' ').map(Number);
  const tableRows = new Map([...document.querySelectorAll('#table tbody tr')].map((row) => [row.dataset.key, row]));
  const byKey = new Map(data.sites.map((site) => [site.key, site]));
  const svg = (tag, attributes, parent) => {
    const one = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    parent?.append(one);
    return one;
  };
  const make = (tag, text, parent, className) => {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    if (className) one.className = className;
    parent?.append(one);
    return one;
  };
  const link = (text, address, parent) => {
    const one = make(address ? 'a' : 'bdi', text, parent);
    if (address) one.href = root + address;
    return one;
  };

  // ---------------------------------------------------------------- the earth
  const A = [1.340264, -0.081106, 0.000893, 0.003796];
  const M = Math.sqrt(3) / 2;
  const rad = Math.PI / 180;
  function project(longitude, latitude) {
    const turned = ((((longitude - middle + 180) % 360) + 360) % 360) - 180;
    const theta = Math.asin(M * Math.sin(latitude * rad));
    const s = theta * theta;
    const six = s * s * s;
    return [
      width / 2 + (scale * turned * rad * Math.cos(theta)) / (M * (A[0] + 3 * A[1] * s + six * (7 * A[2] + 9 * A[3] * s))),
      top - scale * theta * (A[0] + A[1] * s + six * (A[2] + A[3] * s)),
    ];
  }
  function unproject(x, y) {
    const height = (top - y) / scale;
    let theta = height / A[0];
    for (let step = 0; step < 12; step += 1) {
      const s = theta * theta;
      const six = s * s * s;
      theta -= (theta * (A[0] + A[1] * s + six * (A[2] + A[3] * s)) - height)
        / (A[0] + 3 * A[1] * s + six * (7 * A[2] + 9 * A[3] * s));
    }
    const s = theta * theta;
    const six = s * s * s;
    const turned = (M * ((x - width / 2) / scale) * (A[0] + 3 * A[1] * s + six * (7 * A[2] + 9 * A[3] * s))) / Math.cos(theta);
    const longitude = ((((turned / rad + middle + 180) % 360) + 360) % 360) - 180;
    return [Math.asin(Math.max(-1, Math.min(1, Math.sin(theta) / M))) / rad, longitude];
  }
  function kilometres([lat1, lon1], [lat2, lon2]) {
    const a = Math.sin(((lat2 - lat1) * rad) / 2) ** 2
      + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
    return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(a)));
  }
  function arc(from, to) {
    const vector = ([lat, lon]) => [Math.cos(lat * rad) * Math.cos(lon * rad), Math.cos(lat * rad) * Math.sin(lon * rad), Math.sin(lat * rad)];
    const a = vector(from);
    const b = vector(to);
    const angle = Math.acos(Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
    let path = '';
    let last = null;
    for (let step = 0; step <= 48; step += 1) {
      const t = step / 48;
      const p = angle < 1e-9 ? 1 : Math.sin((1 - t) * angle) / Math.sin(angle);
      const q = angle < 1e-9 ? 0 : Math.sin(t * angle) / Math.sin(angle);
      const v = a.map((one, n) => p * one + q * b[n]);
      const [x, y] = project(Math.atan2(v[1], v[0]) / rad, Math.asin(Math.max(-1, Math.min(1, v[2]))) / rad);
      path += `${last !== null && Math.abs(x - last) < width / 2 ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      last = x;
    }
    return path;
  }

  // ---------------------------------------------------------------- what is shown
  let chosen = null;
  let origin = null; // [latitude, longitude]
  let view = [...home];
  const year = () => Number(form.year.value);
  const latest = Number(form.year.max);
  function fits(access) {
    const [begins, ends] = access.years;
    return (!form.host.value || access.host === form.host.value)
      && (!form.beneficiary.value || access.to.some(([key]) => key === form.beneficiary.value))
      && (!form.pact.value || access.pact[0] === form.pact.value)
      && (year() === latest || (begins !== null && begins <= year()))
      && (ends === null || ends >= year());
  }
  const asked = () => form.host.value || form.beneficiary.value || form.pact.value || year() !== latest;
  const faint = (access) => access.draft || access.openness.includes('refused');
  function shownSites() {
    return data.sites.map((site) => ({ site, open: site.accesses.filter(fits) }))
      .filter(({ site, open }) => open.length || (form.others.checked && !(asked() && site.accesses.length)));
  }
  const perUnit = () => map.getBoundingClientRect().width / view[2] || 0.25;
  function clusters(sites, near) {
    const groups = [];
    const sorted = [...sites].sort((a, b) => b.open.length - a.open.length || a.site.name.localeCompare(b.site.name));
    for (const one of sorted) {
      const [x, y] = one.site.at;
      const reach = near * (one.open.length ? 1 : 0.8);
      const group = groups.find((g) => Math.hypot(g.x - x, g.y - y) < reach);
      if (group) group.all.push(one); else groups.push({ x, y, all: [one] });
    }
    return groups;
  }
  function draw() {
    const unit = 1 / perUnit(); // one pixel in the drawing's units
    const sites = shownSites();
    const closest = view[2] <= 24;
    const groups = clusters(sites, closest ? 0 : 24 * unit);
    const focused = document.activeElement?.dataset?.group;
    layer.replaceChildren();
    const labels = [];
    groups.sort((a, b) => a.all.length - b.all.length || a.y - b.y);
    groups.forEach((group) => {
      const first = group.all[0];
      const many = group.all.length > 1;
      const open = group.all.some((one) => one.open.length);
      const g = svg('g', {
        transform: `translate(${group.x} ${group.y}) scale(${unit})`,
        class: 'spot', role: 'button', tabindex: -1,
        'aria-label': many ? `${group.all.length}: ${group.all.map((one) => one.site.name).join(', ')}` : first.site.name,
      }, layer);
      g.dataset.group = first.site.key;
      svg('title', {}, g).textContent = g.getAttribute('aria-label');
      svg('circle', { class: 'reach', r: 13 }, g);
      if (group.all.some((one) => one.open.some((access) => access.contested))) svg('circle', { class: 'ring', r: many ? 14 : 10 }, g);
      if (many) {
        svg('circle', { class: open ? 'cluster' : 'cluster quietly', r: Math.min(14, 8.5 + Math.sqrt(group.all.length)) }, g);
        svg('text', { class: 'number', y: 4 }, g).textContent = group.all.length;
      } else {
        const kind = !first.open.length ? '' : first.open.every(faint) ? ' draft' : ' open';
        svg('circle', { class: `site${kind}`, r: kind ? 6 : 3.6 }, g);
      }
      if (group.all.some((one) => one.site.key === chosen)) g.classList.add('chosen');
      labels.push({ g, group, open });
    });
    // Labels where there is room, the open ones first.
    const taken = groups.map((group) => [group.x / unit - 9, group.y / unit - 9, group.x / unit + 9, group.y / unit + 9]);
    const right = (view[0] + view[2]) / unit;
    for (const { g, group, open } of labels.sort((a, b) => b.open - a.open)) {
      if (group.all.length > 1 || (!open && view[2] > 900)) continue;
      const text = group.all[0].site.name;
      const long = text.length * 6.2 + 4;
      const [x, y] = [group.x / unit, group.y / unit];
      for (const [dx, anchor] of [[11, 'start'], [-11, 'end']]) {
        const left = anchor === 'start' ? x + dx : x + dx - long;
        const box = [left, y - 7, left + long, y + 7];
        if (box[2] > right || box[0] < view[0] / unit) continue;
        if (taken.some((o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1])) continue;
        taken.push(box);
        svg('text', { class: 'name', x: dx, y: 4, 'text-anchor': anchor }, g).textContent = text;
        break;
      }
    }
    for (const text of oceans.children) {
      text.setAttribute('transform', `translate(${text.getAttribute('x')} ${text.getAttribute('y')}) scale(${unit}) translate(${-text.getAttribute('x')} ${-text.getAttribute('y')})`);
    }
    const spots = [...layer.children].sort((a, b) => a.getAttribute('aria-label').localeCompare(b.getAttribute('aria-label')));
    const stop = spots.find((one) => one.dataset.group === focused) || spots.find((one) => one.classList.contains('chosen')) || spots[0];
    if (stop) stop.tabIndex = 0;
    if (focused && stop?.dataset.group === focused) stop.focus({ preventScroll: true });
    drawArcs(sites, unit);
    list(sites);
  }
  function drawArcs(sites, unit) {
    arcs.replaceChildren();
    if (!origin) return;
    const [x, y] = project(origin[1], origin[0]);
    const ends = sites.filter((one) => one.open.length).map((one) => [kilometres(origin, one.site.place), one.site])
      .filter(([distance]) => distance > 1).sort((a, b) => a[0] - b[0]);
    const wanted = ends.slice(0, 12);
    const own = byKey.get(chosen);
    if (own && !wanted.some(([, site]) => site === own)) wanted.push([kilometres(origin, own.place), own]);
    for (const [, site] of wanted) svg('path', { class: site.key === chosen ? 'arc strong' : 'arc', d: arc(origin, site.place) }, arcs);
    const mark = svg('g', { transform: `translate(${x} ${y}) scale(${unit})`, class: 'origin' }, arcs);
    svg('path', { d: 'M-9 0H9M0-9V9' }, mark);
    svg('circle', { r: 5 }, mark);
  }
  function list(sites) {
    const shown = new Set(sites.map((one) => one.site.key));
    let count = 0;
    for (const [key, row] of tableRows) {
      const site = byKey.get(key);
      row.hidden = site ? !shown.has(key) : Boolean(asked());
      count += !row.hidden;
      const cell = row.cells[3];
      const distance = origin && site ? Math.round(kilometres(origin, site.place)) : '';
      cell.textContent = distance === '' ? '' : distance.toLocaleString('en');
      cell.dataset.sort = distance;
    }
    const open = sites.filter((one) => one.open.length).length;
    told.textContent = say('{n} facilities on the map, {open} of them open by a stated access; {rows} in the table', { n: sites.length, open, rows: count });
  }

  // ---------------------------------------------------------------- the panel
  function describe(site) {
    panel.replaceChildren();
    link(site.name, site.address, make('h2', '', panel));
    make('p', [site.country, ...site.kinds.map((kind) => say(kind))].filter(Boolean).join(' · '), panel, 'about');
    const [latitude, longitude] = site.place;
    make('p', `${Math.abs(latitude).toFixed(3)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude).toFixed(3)}° ${longitude < 0 ? 'W' : 'E'}${site.points ? ` (${say('points at')}: ${say(site.points)})` : ''}`, panel, 'about');
    if (origin) make('p', `${Math.round(kilometres(origin, site.place)).toLocaleString('en')} km`, panel, 'distance');
    if (!site.accesses.length) make('p', say('No source among ours says that a pact opens it.'), panel);
    for (const access of site.accesses) {
      const part = make('section', '', panel, fits(access) ? 'access' : 'access away');
      const head = make('h3', '', part);
      head.append(`${access.to.map((one) => one[1]).join(', ') || '?'} · `);
      link(access.pact[1], access.pact[2], head);
      if (access.contested) make('span', ` ‡ ${say('contested')}`, head, 'contest');
      const words = [access.basis && say(access.basis), ...access.openness.map((one) => say(one)), access.draft && `${say('draft of')} ${access.draft}`];
      make('p', words.filter(Boolean).join(' · '), part, 'about');
      const sources = make('ul', '', part, 'sources');
      for (const number of access.sources) {
        const [publisher, published, tier, address] = data.sources[number];
        const row = make('li', '', sources);
        link(publisher, address, row);
        make('small', ` ${[published, say(tier)].filter(Boolean).join(' · ')}`, row);
      }
      link(say('all that is held of it'), access.address, make('p', '', part, 'about'));
    }
  }
  function choose(key, centre = false) {
    const site = byKey.get(key);
    if (!site) return;
    chosen = key;
    if (!site.accesses.some(fits) && !form.others.checked) form.others.checked = true;
    describe(site);
    history.replaceState(null, '', `#${key}`);
    if (centre && !(site.at[0] > view[0] && site.at[0] < view[0] + view[2] && site.at[1] > view[1] && site.at[1] < view[1] + view[3])) {
      look([site.at[0] - view[2] / 2, site.at[1] - view[3] / 2, view[2], view[3]]);
    } else draw();
  }
  function chooseMany(group) {
    panel.replaceChildren();
    make('h2', say('{n} facilities', { n: group.length }), panel);
    const rows = make('ul', '', panel, 'plain');
    for (const { site, open } of group) {
      const button = make('button', site.name, make('li', '', rows), 'thing');
      button.type = 'button';
      if (open.length) make('small', ` ${[...new Set(open.flatMap((access) => access.to.map((one) => one[1])))].join(', ')}`, button.parentElement);
      button.addEventListener('click', () => choose(site.key, true));
    }
  }
  function open(spot) {
    const key = spot.dataset.group;
    const unit = 1 / perUnit();
    const groups = clusters(shownSites(), view[2] <= 24 ? 0 : 24 * unit);
    const group = groups.find((one) => one.all[0].site.key === key);
    if (!group) return;
    if (group.all.length === 1) { choose(key); return; }
    chooseMany(group.all);
    const xs = group.all.map((one) => one.site.at[0]);
    const ys = group.all.map((one) => one.site.at[1]);
    const wide = Math.max(...xs) - Math.min(...xs);
    const high = Math.max(...ys) - Math.min(...ys);
    const next = Math.max(wide * 2.2, high * 2.2 * (view[2] / view[3]), 22);
    if (next < view[2] * 0.9) zoomTo((Math.max(...xs) + Math.min(...xs)) / 2, (Math.max(...ys) + Math.min(...ys)) / 2, next);
  }

  // ---------------------------------------------------------------- moving about
  function look(next) {
    const box = map.getBoundingClientRect();
    const ratio = box.height / box.width || 0.55;
    let [x, y, w, h] = next;
    w = Math.min(fullWidth, Math.max(20, w, h / ratio));
    h = w * ratio;
    x = Math.max(-w * 0.2, Math.min(fullWidth - w * 0.8, x));
    y = Math.max(-h * 0.2, Math.min(fullHeight - h * 0.8, y));
    view = [x, y, w, h];
    map.setAttribute('viewBox', view.map((one) => one.toFixed(2)).join(' '));
    draw();
  }
  const fitted = ([x, y, w, h]) => {
    const box = map.getBoundingClientRect();
    const ratio = box.height / box.width || 0.55;
    const wide = Math.max(w, h / ratio);
    return [x + w / 2 - wide / 2, y + h / 2 - (wide * ratio) / 2, wide, wide * ratio];
  };
  const zoomTo = (x, y, w) => look([x - w / 2, y - (w * view[3]) / view[2] / 2, w, (w * view[3]) / view[2]]);
  function zoom(factor, at = [view[0] + view[2] / 2, view[1] + view[3] / 2]) {
    const w = Math.min(fullWidth, Math.max(20, view[2] / factor));
    const share = w / view[2];
    look([at[0] - (at[0] - view[0]) * share, at[1] - (at[1] - view[1]) * share, w, view[3] * share]);
  }
  const point = (event) => {
    const box = map.getBoundingClientRect();
    return [view[0] + ((event.clientX - box.left) / box.width) * view[2], view[1] + ((event.clientY - box.top) / box.height) * view[3]];
  };
  document.querySelector('.zoom').hidden = false;
  document.querySelector('.zoom').addEventListener('click', (event) => {
    const how = event.target.closest('[data-zoom]')?.dataset.zoom;
    if (how === 'fit') look(fitted(home));
    else if (how === 'world') look(fitted([0, 0, fullWidth, fullHeight]));
    else if (how) zoom(Number(how));
  });
  map.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== map && !map.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, point(event));
  }, { passive: false });
  const held = new Map();
  let moved = 0;
  let pinch = 0;
  map.addEventListener('pointerdown', (event) => {
    held.set(event.pointerId, [event.clientX, event.clientY]);
    moved = 0;
  });
  map.addEventListener('pointermove', (event) => {
    const last = held.get(event.pointerId);
    if (!last) return;
    const box = map.getBoundingClientRect();
    const dx = event.clientX - last[0];
    const dy = event.clientY - last[1];
    held.set(event.pointerId, [event.clientX, event.clientY]);
    if (held.size === 2) {
      const [a, b] = [...held.values()];
      const apart = Math.hypot(a[0] - b[0], a[1] - b[1]);
      if (pinch) zoom(apart / pinch, point({ clientX: (a[0] + b[0]) / 2, clientY: (a[1] + b[1]) / 2 }));
      pinch = apart;
      moved = 99;
      return;
    }
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 4) {
      map.setPointerCapture(event.pointerId);
      look([view[0] - (dx / box.width) * view[2], view[1] - (dy / box.height) * view[3], view[2], view[3]]);
    }
  });
  const release = (event) => { held.delete(event.pointerId); pinch = 0; };
  map.addEventListener('pointerup', release);
  map.addEventListener('pointercancel', release);
  map.addEventListener('click', (event) => {
    if (moved > 4) return;
    const spot = event.target.closest('.spot');
    if (form.origin.value === 'point' && !spot) {
      origin = unproject(...point(event));
      draw();
      if (chosen) describe(byKey.get(chosen));
    } else if (spot) open(spot);
  });
  map.addEventListener('keydown', (event) => {
    const spot = event.target.closest('.spot');
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (spot && (event.key === 'Enter' || event.key === ' ')) open(spot);
    else if (spot && moves[event.key]) {
      const spots = [...layer.children].sort((a, b) => a.getAttribute('aria-label').localeCompare(b.getAttribute('aria-label')));
      const step = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : -1;
      const next = spots[(spots.indexOf(spot) + step + spots.length) % spots.length];
      spot.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    } else if (moves[event.key]) {
      const [dx, dy] = moves[event.key];
      look([view[0] + dx * view[2] * 0.12, view[1] + dy * view[3] * 0.12, view[2], view[3]]);
    } else if (event.key === '+' || event.key === '=') zoom(1.4);
    else if (event.key === '-') zoom(1 / 1.4);
    else if (event.key === '0') look(fitted(home));
    else return;
    event.preventDefault();
  });
  form.addEventListener('input', () => {
    form.shown.value = form.year.value;
    if (form.origin.value === '') origin = null;
    else if (form.origin.value !== 'point') origin = byKey.get(form.origin.value).place;
    map.classList.toggle('aiming', form.origin.value === 'point');
    draw();
    if (chosen) describe(byKey.get(chosen));
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => {
    origin = null;
    form.shown.value = form.year.value;
    map.classList.remove('aiming');
    draw();
  }));
  document.addEventListener('pacts:language', () => { draw(); if (chosen) describe(byKey.get(chosen)); });
  addEventListener('resize', () => look(fitted(view)));
  addEventListener('hashchange', () => choose(decodeURIComponent(location.hash.slice(1)), true));
  look(fitted(home));
  let start = '';
  try { start = decodeURIComponent(location.hash.slice(1)); } catch { /* no such name */ }
  if (start) choose(start, true);
})();
