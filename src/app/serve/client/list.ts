import { coalesced, element, load, replace } from './dom.js';

/** Keeps the list of runs up to date, searches and sorts it. */
export function watchList(): void {
  const runs = element('runs', HTMLTableElement);
  const [body] = runs.tBodies;
  const search = element('search', HTMLInputElement);
  const order = { column: -1, sign: 1 };
  if (body === undefined) return;

  const arrange = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    const rows = [...body.rows];
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    if (order.column >= 0) {
      const textOf = (row: HTMLTableRowElement) =>
        row.cells[order.column]?.textContent.trim() ?? '';
      rows.sort((a, b) => order.sign * textOf(a).localeCompare(textOf(b), 'en', { numeric: true }));
      body.append(...rows);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    element('count', HTMLElement).textContent =
      (shown === rows.length ? '' : `${shown} of `) +
      `${rows.length} ${rows.length === 1 ? 'run' : 'runs'}`;
  };

  const update = coalesced(async () => {
    const chosen = new Set(
      [...body.querySelectorAll<HTMLInputElement>(':checked')].map(({ value }) => value),
    );
    if (!replace(body, await (await load('/rows')).text())) return;
    for (const box of body.querySelectorAll<HTMLInputElement>('input'))
      box.checked = chosen.has(box.value);
    arrange();
  });

  [...(runs.tHead?.rows[0]?.cells ?? [])].forEach((cell, column) => {
    if (column === 0) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = cell.textContent;
    button.addEventListener('click', () => {
      order.sign = order.column === column ? -order.sign : 1;
      order.column = column;
      for (const other of runs.tHead?.rows[0]?.cells ?? []) other.removeAttribute('aria-sort');
      cell.setAttribute('aria-sort', order.sign > 0 ? 'ascending' : 'descending');
      arrange();
    });
    cell.replaceChildren(button);
  });
  search.addEventListener('input', arrange);
  new EventSource('/events').addEventListener('list', update);
}
