import uPlot from 'uplot';
import type { Progress, Snapshot } from '../api.js';

interface Curve {
  readonly trial: number;
  readonly variant: string;
  readonly steps: number[];
  readonly values: (number | null)[];
}

/** Curves beyond this many are not drawn: nobody could tell them apart. */
const mostCurves = 200;

/** By what uPlot calls them; the numbers of an enumeration that it has for types only. */
const distributions = { linear: 1, logarithmic: 3 } as unknown as Readonly<
  Record<'linear' | 'logarithmic', uPlot.Scale.Distr>
>;

/** Distances of the axis's marks. */
const wholeSteps = [1, 2, 5]
  .flatMap((digit) => [0, 1, 2, 3, 4, 5, 6, 7].map((zeros) => digit * 10 ** zeros))
  .sort((a, b) => a - b);

/** The curves of a measure, one for each trial and variant; drags zoom, and the legend has exact values. */
export class CurveChart {
  readonly #place: HTMLElement;
  #plot: uPlot | undefined;
  #curves = new Map<string, Curve>();
  #names: readonly string[] = [];
  #labels: ReadonlyMap<string, string> = new Map();
  #seeds: ReadonlyMap<number, number> = new Map();
  #title = '';
  #isLogarithmic = false;
  #isDue = false;
  #isZoomed = false;

  constructor(place: HTMLElement) {
    this.#place = place;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#make();
    });
  }

  begin({ variants, trials, curves }: Snapshot, title: string): void {
    this.#labels = new Map(variants.map(({ name, label }) => [name, label]));
    this.#names = variants.map(({ name }) => name);
    this.#seeds = new Map(trials.map(({ index, seed }) => [index, seed]));
    this.#title = title;
    this.#curves = new Map();
    for (const { trial, variant, steps, values } of curves.slice(0, mostCurves)) {
      this.#curves.set(`${trial} ${variant}`, {
        trial,
        variant,
        steps: [...steps],
        values: [...values],
      });
    }
    this.#make();
  }

  extend(points: Progress['points']): void {
    let isNew = false;
    for (const [trial, variant, step, value] of points) {
      const key = `${trial} ${variant}`;
      let curve = this.#curves.get(key);
      if (curve === undefined) {
        if (this.#curves.size >= mostCurves) continue;
        curve = { trial, variant, steps: [], values: [] };
        this.#curves.set(key, curve);
        isNew = true;
      }
      // A trial that was resumed repeats steps.
      while (curve.steps.length > 0 && curve.steps.at(-1)! >= step) {
        curve.steps.pop();
        curve.values.pop();
      }
      curve.steps.push(step);
      curve.values.push(value);
    }
    if (isNew || this.#plot === undefined) this.#make();
    else if (points.length > 0) this.#redraw();
  }

  setLogarithmic(value: boolean): void {
    this.#isLogarithmic = value;
    this.#make();
  }

  showAll(): void {
    this.#isZoomed = false;
    this.#plot?.setData(this.#data());
  }

  /** At most once a frame. */
  #redraw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#plot?.setData(this.#data(), !this.#isZoomed);
      if (this.#isZoomed) this.#plot?.redraw();
    });
  }

  #make(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    if (this.#curves.size === 0) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color('--muted'),
      grid: { stroke: color('--grid'), width: 1 },
      ticks: { stroke: color('--line'), width: 1 },
    };
    const several = new Set([...this.#curves.values()].map(({ trial }) => trial)).size > 1;
    this.#plot = new uPlot(
      {
        ...this.#size(),
        scales: {
          x: { time: false },
          y: { distr: distributions[this.#isLogarithmic ? 'logarithmic' : 'linear'] },
        },
        axes: [
          // Whole steps only.
          { ...axis, label: 'step', incrs: wholeSteps },
          { ...axis, label: this.#title, size: 64 },
        ],
        legend: { show: this.#curves.size <= 12 },
        cursor: { drag: { x: true, y: false } },
        hooks: {
          setSelect: [
            ({ select }) => {
              if (select.width > 0) this.#isZoomed = true;
            },
          ],
        },
        series: [
          { label: 'step' },
          ...[...this.#curves.values()].map(({ trial, variant }) => {
            const name = this.#labels.get(variant) ?? variant;
            const place = this.#names.indexOf(variant);
            return {
              label: several ? `${name}, seed ${this.#seeds.get(trial) ?? trial}` : name,
              stroke: color(`--series-${(Math.max(0, place) % 7) + 1}`),
              width: several ? 1 : 2,
              spanGaps: true,
              points: { show: false },
            };
          }),
        ],
      },
      this.#data(),
      this.#place,
    );
    const canvas = this.#plot.root.querySelector('canvas');
    canvas?.setAttribute('role', 'img');
    canvas?.setAttribute(
      'aria-label',
      `${this.#title} by step; the table below says where each trial stands`,
    );
  }

  /** One list of steps for all curves, as the plot needs it. */
  #data(): uPlot.AlignedData {
    const curves = [...this.#curves.values()];
    const positive = this.#isLogarithmic
      ? (value: number | null) => (value !== null && value > 0 ? value : null)
      : (value: number | null) => value;
    const steps = [...new Set(curves.flatMap((curve) => curve.steps))].sort((a, b) => a - b);
    const place = new Map(steps.map((step, index) => [step, index]));
    return [
      steps,
      ...curves.map((curve) => {
        const values = new Array<number | null | undefined>(steps.length).fill(undefined);
        curve.steps.forEach((step, index) => {
          values[place.get(step)!] = positive(curve.values[index]!);
        });
        return values;
      }),
    ];
  }

  #size(): { width: number; height: number } {
    const width = Math.max(240, this.#place.clientWidth - 36);
    return { width, height: width < 500 ? 240 : 320 };
  }
}
