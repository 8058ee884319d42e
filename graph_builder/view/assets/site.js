// What every page has: search over everything, a second language, tables that sort and filter. No page needs it
// to be read. Texts of the data are only ever set as text.
(() => {
  'use strict';
  const own = document.currentScript;
  const root = own.dataset.root;
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* no storage: for this page only */ } },
  };
  const loading = new Map();
  function load(name, global) {
    if (window[global]) return Promise.resolve(window[global]);
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.nonce = own.nonce;
        script.src = `${root}views/assets/${name}`;
        script.onload = () => resolve(window[global]);
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  // ---------------------------------------------------------------- languages
  let words = null;
  const { title } = document;
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
  const known = (text) => words !== null && Object.hasOwn(words, text);
  /** Put a text, or the key and the text of a word of two senses, into the reader's language. */
  const say = (text, values = {}) => {
    const [key, plain] = Array.isArray(text) ? text : [text, text];
    return filled(known(key) ? words[key] : plain, values);
  };
  const before = new WeakMap(); // the English of each element
  function translate(within = document) {
    for (const one of within.querySelectorAll('[data-t]')) {
      if (!before.has(one)) before.set(one, one.textContent);
      const text = one.dataset.t || before.get(one);
      one.textContent = known(text) ? say(text, one.dataset.v ? JSON.parse(one.dataset.v) : {}) : before.get(one);
      if (known(text)) one.lang = 'hi'; else one.removeAttribute('lang');
    }
    const [name, ...rest] = title.split(' · ');
    document.title = [say(name), ...rest.map((part) => say(part))].join(' · ');
    for (const one of within.querySelectorAll('[data-t-label]')) one.setAttribute('aria-label', say(one.dataset.tLabel));
    for (const one of within.querySelectorAll('[data-t-placeholder]')) one.placeholder = say(one.dataset.tPlaceholder);
  }
  const language = document.getElementById('language');
  async function speak(name) {
    words = name === 'hi' ? await load('words.js', 'pactsHindi') : null;
    translate();
    language.textContent = name === 'hi' ? 'English' : 'हिन्दी';
    language.lang = name === 'hi' ? 'en' : 'hi';
    document.dispatchEvent(new Event('pacts:language'));
  }
  language.hidden = false;
  language.addEventListener('click', () => {
    const next = words ? 'en' : 'hi';
    store.set('pacts-language', next);
    speak(next);
  });
  if (store.get('pacts-language') === 'hi') speak('hi');
  window.pacts = { root, say, translate, load, store };

  // ---------------------------------------------------------------- search
  const box = document.getElementById('search');
  const list = document.getElementById('found');
  const plain = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  let index = null;
  let chosen = -1;
  async function ready() {
    if (index) return;
    const rows = await load('search-index.js', 'pactsIndex');
    index = rows.map(([address, label, kind, names]) => ({
      address, label, kind, text: plain(label), all: plain(`${label} ${names || ''} ${address}`),
    }));
  }
  const rank = { __proto__: null, pact: 0, page: 0, party: 1, facility: 2, person: 3, query: 4, source: 9 };
  function find(wanted) {
    const parts = plain(wanted).split(/\s+/).filter(Boolean);
    if (!parts.length) return [];
    const whole = parts.join(' ');
    const scored = [];
    for (const one of index) {
      if (!parts.every((part) => one.all.includes(part))) continue;
      let score = rank[one.kind] ?? 5;
      if (one.text === whole) score -= 30;
      else if (one.text.startsWith(whole)) score -= 18;
      else if (one.text.includes(` ${whole}`)) score -= 10;
      else if (one.text.includes(whole)) score -= 6;
      scored.push([score, one]);
    }
    scored.sort((a, b) => a[0] - b[0] || a[1].label.length - b[1].label.length || a[1].address.localeCompare(b[1].address));
    return scored.slice(0, 40).map((pair) => pair[1]);
  }
  function close() {
    list.hidden = true;
    chosen = -1;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  }
  function choose(step) {
    const rows = [...list.querySelectorAll('[data-go]')];
    if (!rows.length) return;
    rows[chosen]?.setAttribute('aria-selected', 'false');
    chosen = (chosen + step + rows.length) % rows.length;
    rows[chosen].setAttribute('aria-selected', 'true');
    rows[chosen].scrollIntoView({ block: 'nearest' });
    box.setAttribute('aria-activedescendant', rows[chosen].id);
  }
  async function show() {
    await ready();
    const rows = find(box.value);
    list.replaceChildren(...rows.map((one, number) => {
      const row = document.createElement('li');
      row.id = `found-${number}`;
      row.setAttribute('role', 'option');
      row.setAttribute('aria-selected', 'false');
      row.dataset.go = one.address;
      const name = document.createElement('bdi');
      name.textContent = one.label;
      const kind = document.createElement('small');
      kind.textContent = say(one.kind);
      row.append(name, kind);
      return row;
    }));
    if (!rows.length && box.value.trim()) {
      const row = document.createElement('li');
      row.className = 'none';
      row.setAttribute('role', 'option');
      row.setAttribute('aria-disabled', 'true');
      row.setAttribute('aria-selected', 'false');
      row.textContent = say('Nothing of that name');
      list.append(row);
    }
    chosen = -1;
    list.hidden = !list.children.length;
    box.setAttribute('aria-expanded', String(!list.hidden));
    box.removeAttribute('aria-activedescendant');
  }
  const go = (address) => { location.href = root + address; };
  box.addEventListener('focus', ready);
  box.addEventListener('input', show);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) show(); else choose(event.key === 'ArrowDown' ? 1 : (chosen < 0 ? 0 : -1));
    } else if (event.key === 'Enter') {
      const row = list.querySelector('[aria-selected="true"]') || list.querySelector('[data-go]');
      if (row?.dataset.go) go(row.dataset.go);
    } else if (event.key === 'Escape') {
      close();
    }
  });
  list.addEventListener('pointerdown', (event) => {
    const row = event.target.closest('[data-go]');
    if (row) { event.preventDefault(); go(row.dataset.go); }
  });
  document.addEventListener('pointerdown', (event) => { if (!event.target.closest('.search')) close(); });
  box.addEventListener('blur', () => setTimeout(close, 150));
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName)) {
      event.preventDefault();
      box.focus();
    }
  });

  // ---------------------------------------------------------------- tables
  const order = new Intl.Collator(undefined, { numeric: true });
  const content = (row, column) => {
    const cell = row.cells[column];
    return cell ? (cell.dataset.sort ?? cell.textContent.trim()) : '';
  };
  const CELLS = 300; // drawn at once; the rest of a long table follows frame by frame
  const turns = new WeakMap(); // of each table: how often it was changed
  const held = new Set(); // tables whose columns are kept as wide as they were
  /** Change which rows of a table are shown, or their order; ``change`` does it and returns what has to be drawn anew. */
  function redraw(table, change) {
    const body = table.tBodies[0];
    const { top, height } = body.getBoundingClientRect();
    const high = height / body.querySelectorAll('tr:not([hidden], .later)').length || 30;
    const some = Math.ceil(CELLS / (body.rows[0]?.cells.length || 1));
    const first = Math.max(some, Math.ceil((innerHeight - top) / high) + 5); // all that are in sight, and some more
    if (body.rows.length > some) hold(table);
    const anew = new Set(change());
    const later = [...body.rows].filter((row) => !row.hidden).slice(first)
      .filter((row) => anew.has(row) || row.classList.contains('later'));
    for (const row of body.rows) row.classList.remove('later');
    for (const row of later) row.classList.add('later');
    const turn = (turns.get(table) || 0) + 1;
    turns.set(table, turn);
    const bring = () => {
      if (turns.get(table) !== turn) return;
      for (const row of later.splice(0, some)) row.classList.remove('later');
      if (later.length) requestAnimationFrame(bring);
    };
    requestAnimationFrame(() => requestAnimationFrame(bring));
  }
  /** Keep the columns as wide as they are: finding the widths anew takes as long as drawing every row. */
  function hold(table) {
    if (held.has(table)) return;
    const width = (one) => one.getBoundingClientRect().width;
    const columns = document.createElement('colgroup');
    const all = width(table);
    for (const head of table.tHead.rows[table.tHead.rows.length - 1].cells) {
      const column = document.createElement('col');
      column.style.width = `${width(head)}px`;
      if (head.offsetWidth) columns.append(column);
    }
    table.prepend(columns);
    Object.assign(table.style, { tableLayout: 'fixed', width: `${all}px` });
    held.add(table);
  }
  function release() {
    for (const table of held) {
      table.querySelector('colgroup').remove();
      Object.assign(table.style, { tableLayout: '', width: '' });
    }
    held.clear();
  }
  addEventListener('resize', release);
  document.addEventListener('pacts:language', release);
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === 'ascending'
          || (head.hasAttribute('data-most-first') && head.getAttribute('aria-sort') !== 'descending');
        heads.forEach((other) => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [content(row, column), row]);
        rows.sort(([a], [b]) => (a === '') - (b === '') || (down ? order.compare(b, a) : order.compare(a, b)));
        redraw(table, () => {
          body.append(...rows.map((pair) => pair[1]));
          return body.rows;
        });
      });
    });
  }
  for (const input of document.querySelectorAll('[data-filter]')) {
    const table = document.getElementById(input.dataset.filter);
    const told = document.getElementById(`${input.dataset.filter}-count`);
    const rows = [...table.tBodies[0].rows].map((row) => [row, plain(row.textContent)]);
    const apply = () => {
      const parts = plain(input.value).split(/\s+/).filter(Boolean);
      const shown = new Set(rows.filter(([, text]) => parts.every((part) => text.includes(part))).map(([row]) => row));
      redraw(table, () => {
        const found = [...shown].filter((row) => row.hidden);
        for (const [row] of rows) row.hidden = !shown.has(row);
        return found;
      });
      if (told) told.textContent = say('{n} of {all}', { n: shown.size, all: rows.length });
    };
    input.addEventListener('input', apply);
    if (input.value) apply();
  }
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = say('Copied');
      } catch {
        button.textContent = say('Select the text and copy it');
      }
    });
  }

  // ---------------------------------------------------------------- a part that a link leads to is open
  function reveal() {
    let part = null;
    try { part = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* no such name */ }
    if (part?.tagName === 'DETAILS' && !part.open && !part.hidden) {
      part.open = true;
      part.scrollIntoView({ block: 'start' });
    }
  }
  addEventListener('hashchange', reveal);
  reveal();
})();
