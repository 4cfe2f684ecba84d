import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../files/pause.js';
import { curvePoints } from '../../live/curve.js';
import { followRun } from '../../live/follow/follow-run.js';
import {
  atRest,
  dropTrials,
  initialRunState,
  measuredPoints,
  reduceRun,
} from '../../live/state.js';
import type { MeasuredPoint, RunState } from '../../live/state.js';
import type { LogRecord } from '../../log/records.js';
import { LockstepError } from '../../protocol/index.js';
import { readManifest, trialFiles } from '../../run/run-directory.js';
import type { Progress, SentCurve, Snapshot, TrialFacts } from './api.js';

export type LiveMessage =
  | { readonly event: 'snapshot'; readonly data: Snapshot }
  | { readonly event: 'progress'; readonly data: Progress }
  /** A trial has a result, or the run was extended: the report is another one. */
  | { readonly event: 'report'; readonly data: object };

interface Listener {
  /** Undefined: the first that there is. */
  readonly measure: string | undefined;
  readonly send: (message: LiveMessage) => void;
}

/** Milliseconds between two messages: what happens meanwhile is one. */
const tick = 75;
/** Milliseconds between two looks at a run that nobody works on. */
const restInterval = 500;
/** Milliseconds without a writer after which a run is at rest. */
const grace = 3000;
/** Of a run with more trials, curves are read of those alone that are not done. */
const mostTrials = 64;

/**
 * One run, read once for all who look at it, for as long as anybody does: through crashes, resumes and
 * extensions.
 */
export class LiveRun {
  readonly #folder: string;
  readonly #onDelay: (seconds: number) => void;
  readonly #listeners = new Set<Listener>();
  #stop: AbortController | undefined;
  #state: RunState | undefined;
  #pending: LogRecord[] = [];
  /** Trials that will not run, as nobody has been told yet. */
  #dropped = new Set<number>();
  /** Indices of all there are. */
  #trials: readonly number[] = [];
  #hasEnded = false;

  /**
   * @param folder absolute
   * @param onDelay told of each record how many seconds after it was logged it was sent
   */
  constructor(folder: string, onDelay: (seconds: number) => void) {
    this.#folder = folder;
    this.#onDelay = onDelay;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** @returns stops listening */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#stop === undefined) this.#start();
    else if (this.#state !== undefined) this.#snapshot(this.#state, listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#state = undefined;
    this.#pending = [];
  }

  #start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    const timer = setInterval(() => {
      this.#tell();
    }, tick);
    void this.#follow(stop.signal).finally(() => {
      clearInterval(timer);
    });
  }

  async #follow(stop: AbortSignal): Promise<void> {
    const isOver = () => stop.aborted;
    while (!isOver()) {
      try {
        await this.#followOnce(stop);
      } catch (error) {
        // Damaged now: it may be repaired, and the page says what is known.
        if (!(error instanceof LockstepError)) throw error;
      }
      const before = this.#trace();
      while (!isOver() && this.#trace() === before) await pause(restInterval, stop);
    }
  }

  async #followOnce(stop: AbortSignal): Promise<void> {
    const manifest = await readManifest(this.#folder);
    const all = manifest.trials.map(({ index }) => index);
    this.#trials = all;
    const open =
      all.length <= mostTrials
        ? all
        : all.filter((index) => !existsSync(trialFiles(this.#folder, index).result));
    const { runId } = manifest;
    let state = initialRunState(manifest, runId, open);
    const records = followRun(this.#folder, {
      ...{ only: open, stop, grace },
      onLook: ({ spared }) => {
        const isKnown = (index: number) => state.trials[index]?.phase === 'dropped';
        const further = [...spared].filter((index) => !isKnown(index));
        state = dropTrials(state, further);
        if (this.#state === undefined) return;
        this.#state = state;
        for (const index of further) this.#dropped.add(index);
      },
    });
    this.#state = undefined;
    const catchUp = setTimeout(() => {
      if (!stop.aborted) this.#begin(state);
    }, tick);
    try {
      for await (const { record } of records) {
        state = reduceRun(state, record);
        if (this.#state === undefined) continue;
        this.#state = state;
        this.#pending.push(record);
        this.#hasEnded ||= record.event === 'trial.end';
      }
    } finally {
      clearTimeout(catchUp);
    }
    if (stop.aborted) return;
    this.#begin(atRest(state));
  }

  /** Changes when somebody works on the run again. */
  #trace(): string {
    const names = ['manifest.json', 'extensions.json', 'trials'];
    const logs = this.#trials.map((index) => trialFiles(this.#folder, index).log);
    return [...names.map((name) => join(this.#folder, name)), ...logs]
      .map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? '')
      .join(' ');
  }

  /** Everybody begins anew. */
  #begin(state: RunState): void {
    this.#state = state;
    this.#pending = [];
    this.#dropped = new Set();
    for (const listener of this.#listeners) this.#snapshot(state, listener);
    for (const { send } of this.#listeners) send({ event: 'report', data: {} });
  }

  #snapshot(state: RunState, { measure, send }: Listener): void {
    const { variants, trials, measures } = state;
    const key = keyIn(state, measure);
    const curves = trials.flatMap(({ index, curves: of }) =>
      Object.entries(of[key] ?? {}).map(([variant, curve]): SentCurve => {
        const points = curvePoints(curve);
        return {
          ...{ trial: index, variant, steps: points.map(([step]) => step) },
          values: points.map(([, value]) => finite(value)),
        };
      }),
    );
    send({
      event: 'snapshot',
      data: {
        variants,
        trials: trials.map(({ index, seed, point }) => ({ index, seed, point })),
        facts: trials.map(factsOf),
        measures,
        measure: key,
        curves,
      },
    });
  }

  #tell(): void {
    const state = this.#state;
    if (state === undefined || this.#pending.length + this.#dropped.size === 0) return;
    const records = this.#pending;
    const touched = [...new Set([...records.map(({ trial }) => trial), ...this.#dropped])];
    this.#pending = [];
    this.#dropped = new Set();
    const facts = touched.map((trial) => factsOf(state.trials[trial]!));
    const measured = records.map((record) => ({ record, points: measuredPoints(record) }));
    const messages = new Map<string, LiveMessage>();
    for (const { measure, send } of this.#listeners) {
      const key = keyIn(state, measure);
      const message = messages.get(key) ?? progressOf(key, facts, measured, state);
      messages.set(key, message);
      send(message);
    }
    const now = Date.now();
    for (const { time } of records) this.#onDelay((now - time) / 1000);
    if (!this.#hasEnded) return;
    this.#hasEnded = false;
    for (const { send } of this.#listeners) send({ event: 'report', data: {} });
  }
}

function progressOf(
  key: string,
  facts: readonly TrialFacts[],
  measured: readonly { readonly record: LogRecord; readonly points: readonly MeasuredPoint[] }[],
  { measures }: RunState,
): LiveMessage {
  const points = measured.flatMap(({ record, points: of }) =>
    of
      .filter((point) => point.key === key)
      .map(({ variant, step, value }) => [record.trial, variant, step, finite(value)] as const),
  );
  return { event: 'progress', data: { facts, points, measures } };
}

function keyIn({ measures }: RunState, asked: string | undefined): string {
  return asked ?? measures[0]?.key ?? '';
}

function factsOf({ index, phase, step, steps }: RunState['trials'][number]): TrialFacts {
  return [index, phase, step, steps ?? null];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
