// The matrix of support: the sources of the chosen cell, and a way from cell to cell by arrow keys.
(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const panel = document.getElementById('panel');
  const table = document.getElementById('matrix');
  const { say, root } = window.pacts;
  const make = (tag, text, parent, className) => {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    if (className) one.className = className;
    parent?.append(one);
    return one;
  };
  function sources(numbers, heading) {
    if (!numbers.length) return;
    make('h3', `${say(heading)} (${numbers.length})`, panel);
    const list = make('ul', '', panel, 'sources');
    for (const number of numbers) {
      const [publisher, published, tier, address] = data.sources[number];
      const row = make('li', '', list);
      const name = make(address ? 'a' : 'bdi', publisher, row);
      if (address) name.href = root + address;
      make('small', ` ${[published, say(tier)].filter(Boolean).join(' · ')}`, row);
    }
  }
  let chosen = null;
  function choose(button) {
    chosen?.closest('td').classList.remove('chosen');
    chosen = button;
    button.closest('td').classList.add('chosen');
    const [row, column] = button.dataset.cell.split(',').map(Number);
    const [standing, held, covers, excludes] = data.cells[button.dataset.cell];
    const [name, address] = data.pacts[row];
    panel.replaceChildren();
    const title = make('h2', '', panel);
    make('a', name, title).href = root + address;
    const said = make('p', '', panel, `c-${standing}`);
    make('b', data.categories[column], said);
    said.append(`: ${say(standing)}`);
    if (standing === 'disputed') make('p', held ? `${say('held')}: ${say(held)}` : say('nothing is held'), panel, 'contest');
    sources(covers, 'Say that it is covered');
    sources(excludes, 'Say that it is excluded');
    history.replaceState(null, '', `#${button.dataset.cell}`);
  }
  table.addEventListener('click', (event) => {
    const button = event.target.closest('[data-cell]');
    if (button) choose(button);
  });
  table.addEventListener('focusin', (event) => {
    const button = event.target.closest('[data-cell]');
    if (button) choose(button);
  });
  // One stop for the tabulator; arrow keys go on from there.
  const buttons = [...table.querySelectorAll('[data-cell]')];
  buttons.forEach((button, number) => { button.tabIndex = number ? -1 : 0; });
  const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  table.addEventListener('keydown', (event) => {
    const move = moves[event.key];
    const button = event.target.closest?.('[data-cell]');
    if (!move || !button) return;
    event.preventDefault();
    const rows = [...table.tBodies[0].rows].filter((row) => !row.hidden);
    const cell = button.closest('td');
    let row = rows.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    for (;;) {
      row += move[0];
      column += move[1];
      const next = rows[row]?.cells[column];
      if (!next) return;
      const target = next.querySelector('[data-cell]');
      if (target) {
        button.tabIndex = -1;
        target.tabIndex = 0;
        target.focus();
        return;
      }
    }
  });
  const asked = document.querySelector(`[data-cell="${CSS.escape(location.hash.slice(1))}"]`);
  if (asked) choose(asked);
})();
