// The timeline: filters, order, and the years that the lanes show.
(() => {
  'use strict';
  const { say } = window.pacts;
  const form = document.getElementById('filters');
  const kinds = document.getElementById('kinds');
  const lanes = document.getElementById('lanes');
  const told = document.getElementById('told');
  const rows = [...lanes.querySelectorAll('.life-row')].map((row) => ({
    row,
    name: row.querySelector('.what').textContent.toLowerCase(),
    parties: row.dataset.parties.split(' '),
    marks: [...row.querySelectorAll('[data-d]')].map((one) => ({
      one, days: one.dataset.d.split(' ').map(Number), point: one.tagName === 'svg', classes: one.classList,
    })),
  }));
  const svg = 'http://www.w3.org/2000/svg';
  const DAY = 86400000;
  const ordinal = (year) => Math.round(Date.UTC(year, 0, 1) / DAY) + 719163;
  const lowest = Number(form.from.min);
  const highest = Number(form.to.max);

  function axis(first, last, begin, end) {
    const years = last - first + 1;
    const room = document.getElementById('axis').getBoundingClientRect().width / 46;
    const step = [1, 2, 5, 10, 20, 50].find((one) => years / one <= room) || 100;
    const texts = [];
    const lines = [];
    for (let year = Math.ceil(first / step) * step; year <= last; year += step) {
      const x = `${(100 * (ordinal(year) - begin)) / (end - begin)}%`;
      const text = document.createElementNS(svg, 'text');
      text.setAttribute('x', x);
      text.setAttribute('y', 18);
      text.textContent = year;
      texts.push(text);
      const line = document.createElementNS(svg, 'line');
      for (const [name, value] of [['x1', x], ['x2', x], ['y1', 0], ['y2', '100%']]) line.setAttribute(name, value);
      lines.push(line);
    }
    document.getElementById('axis').replaceChildren(...texts);
    document.getElementById('grid').replaceChildren(...lines);
  }

  let span = '';
  function apply() {
    let first = Math.max(lowest, Math.min(highest, Number(form.from.value) || lowest));
    let last = Math.max(lowest, Math.min(highest, Number(form.to.value) || highest));
    if (first > last) [first, last] = [last, first];
    const begin = ordinal(first);
    const end = ordinal(last + 1) - 1;
    const moved = span !== `${begin} ${end}`;
    span = `${begin} ${end}`;
    if (moved) axis(first, last, begin, end);
    const hidden = new Set([...kinds.querySelectorAll('input:not(:checked)')].map((one) => one.value));
    const name = form.name.value.trim().toLowerCase();
    let shown = 0;
    for (const { row, name: own, parties, marks } of rows) {
      let any = false;
      for (const { one, days, point, classes } of marks) {
        const from = days[0];
        const to = days[days.length - 1];
        const inside = to >= begin && from <= end;
        const silent = [...hidden].some((kind) => classes.contains(kind));
        one.style.display = inside && !silent ? '' : 'none';
        if (!inside || silent) continue;
        any = any || !classes.contains('force') || classes.length > 1;
        if (!moved && one.dataset.set === span) continue;
        one.dataset.set = span;
        const left = Math.max(from, begin);
        one.setAttribute('x', `${(100 * (left - begin)) / (end - begin)}%`);
        if (!point) one.setAttribute('width', `${Math.max(0.4, (100 * (Math.min(to, end) - left)) / (end - begin))}%`);
      }
      row.hidden = !any
        || (name && !own.includes(name))
        || (form.party.value && !parties.includes(form.party.value))
        || (form.kind.value && row.dataset.kind !== form.kind.value)
        || (form.status.value && row.dataset.status !== form.status.value)
        || (form.contested.checked && !('contested' in row.dataset));
      shown += !row.hidden;
    }
    told.textContent = say('{n} of {all}', { n: shown, all: rows.length });
  }
  const orders = {
    first: (a, b) => a.row.dataset.first - b.row.dataset.first,
    name: (a, b) => a.name.localeCompare(b.name),
    events: (a, b) => b.row.dataset.events - a.row.dataset.events,
  };
  form.order.addEventListener('change', () => {
    lanes.append(...[...rows].sort(orders[form.order.value]).map((one) => one.row));
  });
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => {
    lanes.append(...rows.map((one) => one.row));
    apply();
  }));
  kinds.addEventListener('input', apply);
  document.addEventListener('pacts:language', apply);
  addEventListener('resize', () => { span = ''; apply(); });
  const all = document.getElementById('open-all');
  all.hidden = false;
  all.addEventListener('click', () => {
    const open = rows.some(({ row }) => !row.hidden && !row.open);
    for (const { row } of rows) if (!row.hidden) row.open = open;
  });
  if (location.hash === '#in-force') form.status.value = 'status/in-force';
  apply();
})();
