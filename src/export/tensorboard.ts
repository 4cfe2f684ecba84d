import { join } from 'node:path';
import { streamAtomic } from '../files/write-atomic.js';
import { encodeFileVersion, encodeScalars } from './event-file.js';
import type { ScalarEvent } from './event-file.js';
import type { StepMeasurements } from './step-measurements.js';

/**
 * Writes one variant of one trial as an event file: the minibatch's scores after every step, its learning
 * rate where a schedule changes it, and the scores on the evaluated splits as `<split>/<score>`, with the
 * log's times.
 * @param folder shown by TensorBoard as one run
 * @param measurements of this variant
 * @param start milliseconds since the Unix epoch
 * @returns the file's path, the same whenever the trial is exported
 */
export function writeEventFile(
  folder: string,
  measurements: AsyncIterable<StepMeasurements>,
  start: number,
): Promise<string> {
  return writeEvents(folder, scalarEvents(measurements), start);
}

/** Like {@link writeEventFile}, of any scalars. */
export async function writeEvents(
  folder: string,
  events: AsyncIterable<ScalarEvent>,
  start: number,
): Promise<string> {
  const seconds = String(Math.floor(start / 1000)).padStart(10, '0');
  const path = join(folder, `events.out.tfevents.${seconds}.lockstep`);
  await streamAtomic(path, records(events, start));
  return path;
}

async function* records(
  events: AsyncIterable<ScalarEvent>,
  start: number,
): AsyncGenerator<Uint8Array> {
  yield encodeFileVersion(start / 1000);
  for await (const event of events) yield encodeScalars(event);
}

async function* scalarEvents(
  measurements: AsyncIterable<StepMeasurements>,
): AsyncGenerator<ScalarEvent> {
  for await (const { step, time, scores, learningRate, splits } of measurements) {
    const scalars = Object.fromEntries([
      ...Object.entries(scores),
      ...(learningRate === undefined ? [] : [['learningRate', learningRate] as const]),
      ...Object.entries(splits).flatMap(([split, own]) =>
        Object.entries(own).map(([name, value]) => [`${split}/${name}`, value] as const),
      ),
    ]) as Record<string, number>;
    yield { wallTime: time / 1000, step, scalars };
  }
}
