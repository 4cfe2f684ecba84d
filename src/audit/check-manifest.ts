import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { configHash } from '../config/hash.js';
import { validateConfig } from '../config/validate.js';
import { parseJson, readText } from '../files/read.js';
import { jsonText } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import { extensionsName, withExtensions } from '../run/extensions.js';
import type { Manifest } from '../run/manifest.js';
import { manifestFile, planCells, planTrials } from '../run/manifest.js';
import { noManifest } from '../run/run-directory.js';
import type { Findings } from './findings.js';

const place = { file: 'manifest.json' };

/**
 * Reads a run's manifest and checks its text, its configuration and its plan against each other.
 * @returns undefined if it cannot be used; the findings then say so
 * @throws LockstepError `usage` when there is none
 */
export async function checkManifest(
  runFolder: string,
  findings: Findings,
): Promise<Manifest | undefined> {
  const path = join(runFolder, 'manifest.json');
  const text = await readText(path);
  if (text === undefined) throw noManifest(path);
  let manifest: Manifest;
  try {
    manifest = parseJson(text, 'manifest.json', manifestFile);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(place, 'file', 'a manifest as it is written', error.message);
    return undefined;
  }
  // With the keys in the file's order; the parsed manifest has them in the schema's.
  const written = JSON.parse(text) as Manifest;
  if (jsonText(written) !== text) {
    findings.differ(
      place,
      'text',
      'the manifest as it is written',
      'other spelling or white space',
    );
    return undefined;
  }
  try {
    checkPlan(written, findings);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(place, 'config', 'a valid configuration', error.message);
    return undefined;
  }
  const name = basename(await realpath(runFolder));
  if (manifest.runId !== name) {
    findings.note(`the folder is called ${name}, its run ${manifest.runId}`);
  }
  try {
    return await withExtensions(runFolder, manifest);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(
      { file: extensionsName },
      'file',
      'extensions as they are written',
      error.message,
    );
    return manifest;
  }
}

function checkPlan(
  { config, configHash: recorded, trials, variance }: Manifest,
  findings: Findings,
): void {
  findings.same(place, 'config', plain(validateConfig(config, 'manifest.json')), config);
  findings.same(place, 'configHash', configHash(config), recorded);
  const planned = variance ? planCells(config, variance.levels) : planTrials(config);
  findings.same(place, 'trials', planned, trials);
}

/** After a round trip through JSON: without undefined keys. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
