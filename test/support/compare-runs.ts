import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkpointPath, checkpointSteps } from '../../src/checkpoint/checkpoints.js';
import { readAllRecords } from './read-all-records.js';
import { readManifest, trialFiles } from '../../src/run/run-directory.js';
import { lastingRecords } from './lasting-record.js';

const compared = ['result.json', 'trace.ndjson', 'predictions.safetensors'];

/**
 * How a run that was disturbed differs from the same one undisturbed, one line each; times, timings,
 * numbers of records, resumes and which older checkpoints are kept aside.
 */
export async function runDifferences(undisturbed: string, run: string): Promise<string[]> {
  const wrong: string[] = [];
  const { config, trials } = await readManifest(run);
  for (const { index } of trials) {
    const [expected, got] = [trialFiles(undisturbed, index), trialFiles(run, index)];
    wrong.push(...(await logDifferences(expected.log, got.log)));
    // Where all variants stopped early there are fewer steps than configured.
    const last = checkpointPath((await checkpointSteps(expected.folder))[0]!);
    const variants = Object.keys(config.variants).map((name) => `${last}/${name}.safetensors`);
    const written = await readdir(expected.folder, { recursive: true });
    const same = written.filter(
      (name) =>
        compared.includes(name) || (name.startsWith('best') && name.endsWith('.safetensors')),
    );
    for (const file of [...same, ...variants, `${last}/state.json`]) {
      const texts = [expected, got].map(({ folder }) => readFile(join(folder, file)));
      const [one, other] = await Promise.all(texts);
      if (!one!.equals(other!)) wrong.push(`trial ${index}: ${file} differs`);
    }
  }
  const [files, due] = [await lastingFiles(run), await lastingFiles(undisturbed)];
  const extra = files.filter((file) => !due.includes(file));
  const missing = due.filter((file) => !files.includes(file));
  wrong.push(...extra.map((file) => `${file} is left over`));
  wrong.push(...missing.map((file) => `${file} is missing`));
  return wrong;
}

async function logDifferences(undisturbed: string, log: string): Promise<string[]> {
  const records = await readAllRecords(log);
  const wrong = records
    .filter(({ seq }, index) => seq !== index + 1)
    .slice(0, 1)
    .map(({ seq }) => `${log}: seq ${seq} is not the record's number`);
  const expected = lastingRecords(await readAllRecords(undisturbed));
  const got = lastingRecords(records);
  if (isDeepStrictEqual(got, expected)) return wrong;
  const first = expected.findIndex((record, index) => !isDeepStrictEqual(record, got[index]));
  const [due, found] = [expected[first], got[first]].map((record) => JSON.stringify(record));
  wrong.push(
    `${log}: expected ${expected.length} records, got ${got.length}; the first other one is ` +
      `${found} instead of ${due}`,
  );
  return wrong;
}

/** All files of a run but those of checkpoints, whose steps depend on when it was interrupted. */
async function lastingFiles(run: string): Promise<string[]> {
  const entries = await readdir(run, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(run, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(sep).some((part) => /^step-\d+$/.test(part)))
    .sort();
}
