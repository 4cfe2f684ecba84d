import { readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { configHash } from '../config/hash.js';
import { validateConfig } from '../config/validate.js';
import { jsonText } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest } from '../run/manifest.js';
import { manifestSchema } from '../run/manifest-schema.js';
import { planTrials } from '../run/plan-trials.js';
import type { Findings } from './findings.js';

const place = { file: 'manifest.json' };

/**
 * Reads a run's manifest and holds it against itself: its text, its configuration, its plan.
 * @returns undefined when it cannot be used, which the findings then say
 * @throws LockstepError `usage` when there is none
 */
export async function checkManifest(
  runFolder: string,
  findings: Findings,
): Promise<Manifest | undefined> {
  const path = join(runFolder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LockstepError('usage', `${path}: expected the manifest of a run, found none`, {
      cause,
      hint: 'Give the folder of a run, for instance runs/latest.',
    });
  });
  const manifest = parse(text);
  if (manifest === undefined || jsonText(manifest) !== text) {
    findings.differ(place, 'text', 'a manifest as it is written', text.slice(0, 40));
    return undefined;
  }
  const checked = manifestSchema.safeParse(manifest);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    findings.differ(place, path.join('.'), `a manifest's value (${message})`, 'another');
    return undefined;
  }
  try {
    checkPlan(manifest, findings);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(place, 'config', 'a valid configuration', error.message);
    return undefined;
  }
  const name = basename(await realpath(runFolder));
  if (manifest.runId !== name) {
    findings.note(`the folder is called ${name}, its run ${manifest.runId}`);
  }
  return manifest;
}

function checkPlan({ config, configHash: recorded, trials }: Manifest, findings: Findings): void {
  findings.same(place, 'config', plain(validateConfig(config, 'manifest.json')), config);
  findings.same(place, 'configHash', configHash(config), recorded);
  findings.same(place, 'trials', planTrials(config), trials);
}

/** As JSON gives it back: without keys that are undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function parse(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
}
