import { LockstepError } from '../../protocol/index.js';
import { suggest } from '../../config/suggest.js';
import { orList } from '../../schema/fields.js';
import { readScalars } from '../event-reader.js';
import type { ScalarRecord } from '../event-reader.js';
import { namedPoint } from '../read-long.js';
import { readRunName } from '../run-names.js';
import { gapsOf, readWhole } from '../sample.js';
import type { Sample, SampledRun } from '../sample.js';
import { folderOf } from '../source.js';
import type { SourceFile } from '../source.js';
import type { ImportFormat } from './format.js';

/**
 * Folders with event files of TensorBoard, as `tf.summary.scalar`, Keras's callback and PyTorch's SummaryWriter write
 * them. A folder's path is the name of a run; what follows the seed in it (Keras's `train` and `validation`) goes
 * before the tags: `validation/epoch_accuracy`.
 */
export const tensorboard: ImportFormat = {
  name: 'tensorboard',
  matches: ({ files }) => files.some(isEvents),
  read(source, mapping, metrics) {
    const tags = new Set<string>();
    const runs: SampledRun[] = [];
    const samples = source.files.filter(isEvents).flatMap((file): Sample[] => {
      const { path } = file;
      const { variant, seed, point, rest } = readRunName(folderOf(file), mapping.runName, path);
      const counted = readWhole(seed, path, 'the seed');
      const run = { place: path, variant, seed: counted, point: namedPoint(point) };
      runs.push(run);
      return [...lastOfStep(file)].flatMap(({ tag, step, value, offset }) => {
        const metric = rest === '' ? tag : `${rest}/${tag}`;
        tags.add(metric);
        if (!metrics.includes(metric)) return [];
        return [{ ...run, metric, step, value, place: `${path}, byte ${offset}` }];
      });
    });
    const absent = metrics.find((metric) => !tags.has(metric));
    if (absent !== undefined) throw noTag(source.path, absent, [...tags]);
    return { samples, gaps: gapsOf(runs, metrics, samples) };
  },
};

function isEvents({ name }: SourceFile): boolean {
  return /(^|\/)[^/]*tfevents[^/]*$/.test(name);
}

/** A program that went on from a checkpoint logs steps again into the same file: its last word counts. */
function lastOfStep({ content, path }: SourceFile): Iterable<ScalarRecord> {
  const records = new Map<string, ScalarRecord>();
  for (const record of readScalars(content, path)) {
    records.set(`${record.step} ${record.tag}`, record);
  }
  return records.values();
}

function noTag(path: string, metric: string, tags: readonly string[]): LockstepError {
  const near = suggest(metric, tags);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  const got = tags.length === 0 ? 'no scalars' : orList(tags.slice(0, 20));
  return new LockstepError(
    'data',
    `${path}: expected scalars tagged ${metric}, got ${got}${meant}`,
    {
      hint: 'Name the tag with --metric.',
    },
  );
}
