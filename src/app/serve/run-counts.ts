import type { IndexedRun } from './run-index.js';

/** What Prometheus asks for, in its text format: few numbers need no library. */
export class RunCounts {
  #requests = 0;

  request(): void {
    this.#requests += 1;
  }

  /** @param streams pages that listen to events */
  text(runs: readonly IndexedRun[], streams: number): string {
    const overviews = runs.flatMap(({ overview }) => overview ?? []);
    const sum = (of: 'completed' | 'planned') =>
      overviews.reduce((total, overview) => total + overview[of], 0);
    const states = ['done', 'failed', 'unfinished'] as const;
    const metrics: [name: string, type: string, help: string, values: Record<string, number>][] = [
      [
        ...(['lockstep_runs', 'gauge', 'Runs in the folder, by state.'] as const),
        {
          ...Object.fromEntries(
            states.map((state) => [
              `{state="${state}"}`,
              overviews.filter((one) => one.state === state).length,
            ]),
          ),
          '{state="damaged"}': runs.length - overviews.length,
        },
      ],
      ['lockstep_trials_planned', 'gauge', 'Trials of all runs.', { '': sum('planned') }],
      ['lockstep_trials_completed', 'gauge', 'Trials that completed.', { '': sum('completed') }],
      ['lockstep_serve_requests_total', 'counter', 'Requests answered.', { '': this.#requests }],
      ['lockstep_serve_streams', 'gauge', 'Pages that listen to events.', { '': streams }],
      [
        'process_resident_memory_bytes',
        'gauge',
        'Memory of the server.',
        { '': process.memoryUsage.rss() },
      ],
    ];
    return metrics
      .map(
        ([name, type, help, values]) =>
          `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n` +
          Object.entries(values)
            .map(([labels, value]) => `${name}${labels} ${value}\n`)
            .join(''),
      )
      .join('');
  }
}
