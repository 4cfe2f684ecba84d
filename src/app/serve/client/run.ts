import type { Progress, Snapshot, TrialFacts } from '../api.js';
import { coalesced, element, load, replace } from './dom.js';
import { CurveChart } from './chart.js';

/** Keeps a run's state, curves and report up to date. */
export function watchRun(id: string): void {
  const address = `/runs/${encodeURIComponent(id)}`;
  const live = element('live', HTMLElement);
  const measure = element('measure', HTMLSelectElement);
  const logarithmic = element('log', HTMLInputElement);
  const chart = new CurveChart(element('chart', HTMLElement));
  const trials = new TrialTable(
    element('live-trials', HTMLTableElement),
    element('state', HTMLElement),
  );
  let source: EventSource | undefined;

  const listen = (key: string | undefined) => {
    source?.close();
    source = new EventSource(
      `${address}/events${key === undefined ? '' : `?measure=${encodeURIComponent(key)}`}`,
    );
    source.addEventListener('snapshot', ({ data }: MessageEvent<string>) => {
      const snapshot = JSON.parse(data) as Snapshot;
      offer(measure, snapshot.measures, snapshot.measure);
      trials.begin(snapshot);
      chart.begin(snapshot, nameOf(snapshot.measures, snapshot.measure));
      live.hidden = snapshot.measures.length === 0;
    });
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => {
      const { facts, points, measures } = JSON.parse(data) as Progress;
      trials.update(facts);
      chart.extend(points);
      offer(measure, measures, measure.value);
    });
    source.addEventListener('report', report);
    source.addEventListener('open', () => {
      trials.isConnected = true;
    });
    source.addEventListener('error', () => {
      trials.isConnected = false;
    });
  };
  const report = coalesced(async () => {
    const parts = (await (await load(`${address}/report`)).json()) as Record<
      'heading' | 'verdict' | 'sections' | 'control',
      string
    >;
    replace(element('heading', HTMLElement), parts.heading);
    replace(element('verdict-place', HTMLElement), parts.verdict);
    replace(element('sections', HTMLElement), parts.sections);
    replace(element('control', HTMLElement), parts.control);
  });
  measure.addEventListener('change', () => {
    listen(measure.value);
  });
  logarithmic.addEventListener('change', () => {
    chart.setLogarithmic(logarithmic.checked);
  });
  element('whole', HTMLElement).addEventListener('click', () => {
    chart.showAll();
  });
  listen(undefined);
}

function nameOf(measures: Snapshot['measures'], key: string): string {
  const found = measures.find((one) => one.key === key);
  if (found === undefined) return key;
  const { place, metric } = found;
  return `${place === 'minibatch' ? 'minibatch' : place} ${metric}`;
}

/** The measures to choose from; left alone while they are the same, as somebody may be choosing. */
function offer(select: HTMLSelectElement, measures: Snapshot['measures'], chosen: string): void {
  const keys = measures.map(({ key }) => key);
  if ([...select.options].map(({ value }) => value).join('\n') !== keys.join('\n')) {
    select.replaceChildren(
      ...measures.map(({ key, examples }) => {
        const text =
          nameOf(measures, key) + (examples === undefined ? '' : `, ${examples} examples`);
        return new Option(text, key);
      }),
    );
  }
  if (select.value !== chosen) select.value = chosen;
}

/** Where each trial stands. */
class TrialTable {
  readonly #table: HTMLTableElement;
  readonly #state: HTMLElement;
  readonly #cells = new Map<number, { readonly phase: HTMLElement; readonly step: HTMLElement }>();
  readonly #facts = new Map<number, TrialFacts>();
  #isConnected = true;

  constructor(table: HTMLTableElement, state: HTMLElement) {
    this.#table = table;
    this.#state = state;
  }

  set isConnected(value: boolean) {
    this.#isConnected = value;
    this.#sum();
  }

  begin({ trials, facts }: Snapshot): void {
    this.#cells.clear();
    this.#facts.clear();
    const head = document.createElement('thead');
    const titles = ['Trial', 'Point', 'Seed', 'State', 'Step'];
    head.append(rowOf('th', titles));
    const body = document.createElement('tbody');
    for (const { index, point, seed } of trials) {
      const row = rowOf('td', [String(index), point === '' ? '–' : point, String(seed), '', '']);
      const [, , , phase, step] = row.cells;
      if (phase && step) this.#cells.set(index, { phase, step });
      body.append(row);
    }
    const caption = document.createElement('caption');
    caption.className = 'unseen';
    caption.textContent = 'Trials, live';
    this.#table.replaceChildren(caption, head, body);
    this.update(facts);
  }

  update(facts: readonly TrialFacts[]): void {
    for (const fact of facts) {
      const [index, phase, step, steps] = fact;
      this.#facts.set(index, fact);
      const cells = this.#cells.get(index);
      if (cells === undefined) continue;
      cells.phase.textContent = phase;
      cells.step.textContent =
        steps === null ? (step === 0 ? '–' : String(step)) : `${step} of ${steps}`;
    }
    this.#sum();
  }

  #sum(): void {
    const counts = new Map<string, number>();
    for (const [, phase] of this.#facts.values()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
    const parts = [...counts].map(([phase, count]) => `${count} ${phase}`);
    const text =
      parts.length === 0
        ? 'waiting'
        : `${this.#facts.size === 1 ? 'trial' : 'trials'}: ${parts.join(', ')}`;
    const shown = this.#isConnected ? text : `${text} (no connection to the server; trying again)`;
    if (this.#state.textContent !== shown) this.#state.textContent = shown;
    this.#state.classList.toggle('stale', !this.#isConnected);
  }
}

function rowOf(kind: 'th' | 'td', texts: readonly string[]): HTMLTableRowElement {
  const row = document.createElement('tr');
  row.append(
    ...texts.map((text, column) => {
      const cell = document.createElement(kind === 'td' && column === 0 ? 'th' : kind);
      if (cell.tagName === 'TH') cell.setAttribute('scope', kind === 'th' ? 'col' : 'row');
      cell.textContent = text;
      return cell;
    }),
  );
  return row;
}
