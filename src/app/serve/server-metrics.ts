import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { IndexedRun } from './run-index.js';

const states = ['done', 'failed', 'unfinished', 'damaged'] as const;

/** What Prometheus asks for: the runs, the requests, and how the server's process fares. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'method' | 'status'>;
  readonly #events: Counter;
  readonly #delays: Histogram;
  readonly #streams: Gauge;
  readonly #runs: Gauge<'state'>;
  readonly #planned: Gauge;
  readonly #completed: Gauge;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#runs = new Gauge({
      ...{ name: 'lockstep_runs', help: 'Runs in the folder, by state.', registers },
      labelNames: ['state'],
    });
    this.#planned = new Gauge({
      ...{ name: 'lockstep_trials_planned', help: 'Trials of all runs.', registers },
    });
    this.#completed = new Gauge({
      ...{ name: 'lockstep_trials_completed', help: 'Trials that completed.', registers },
    });
    this.#requests = new Counter({
      ...{ name: 'lockstep_serve_requests_total', help: 'Requests answered.', registers },
      labelNames: ['method', 'status'],
    });
    this.#events = new Counter({
      ...{ name: 'lockstep_serve_events_total', help: 'Events sent.', registers },
    });
    this.#delays = new Histogram({
      name: 'lockstep_serve_record_delay_seconds',
      help: 'From when a record was logged until it was sent.',
      buckets: [0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 5],
      registers,
    });
    this.#streams = new Gauge({
      ...{ name: 'lockstep_serve_streams', help: 'Pages that listen to events.', registers },
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  request(method: string, status: number): void {
    this.#requests.inc({ method, status });
  }

  event(): void {
    this.#events.inc();
  }

  /** @param seconds that a record took */
  delay(seconds: number): void {
    this.#delays.observe(seconds);
  }

  /** @param streams pages that listen to events */
  text(runs: readonly IndexedRun[], streams: number): Promise<string> {
    const overviews = runs.flatMap(({ overview }) => overview ?? []);
    for (const state of states) {
      const those = runs.filter(({ overview }) => (overview?.state ?? 'damaged') === state);
      this.#runs.set({ state }, those.length);
    }
    const sum = (of: 'completed' | 'planned') =>
      overviews.reduce((total, overview) => total + overview[of], 0);
    this.#planned.set(sum('planned'));
    this.#completed.set(sum('completed'));
    this.#streams.set(streams);
    return this.#registry.metrics();
  }
}
