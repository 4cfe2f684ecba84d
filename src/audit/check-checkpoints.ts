import { join } from 'node:path';
import {
  checkpointPath,
  checkpointSteps,
  stateFile,
  stateSchemaVersion,
} from '../checkpoint/checkpoints.js';
import type { CheckpointState } from '../checkpoint/checkpoints.js';
import { decodeSafetensors } from '../checkpoint/safetensors.js';
import { sha256 } from '../files/checksums.js';
import { parseJson, readBytes, readText } from '../files/read.js';
import { jsonText } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import { checkpointShapes, planNetwork } from '../model/network.js';
import { isNetwork } from '../model/variant.js';
import type { VariantSpec } from '../model/variant.js';
import type { ComparedChecksums } from './check-checksums.js';
import type { CheckedLog } from './check-log.js';
import type { TrialAudit } from './findings.js';

/**
 * Checks every kept checkpoint against its `state.json`, the configuration and the log.
 * @param sums of the trial; they show whether `state.json` or the weights changed
 */
export async function checkCheckpoints(
  audit: TrialAudit,
  log: CheckedLog,
  sums: ComparedChecksums,
): Promise<void> {
  const steps = await checkpointSteps(audit.files.folder);
  for (const step of steps) await checkCheckpoint(audit, step, log, sums);
  const logged = log.records.findLast((record) => record.event === 'checkpoint');
  if (logged !== undefined && !steps.includes(logged.step)) {
    const newest = steps[0] === undefined ? 'none' : checkpointPath(steps[0]);
    audit.findings.differ(audit.at('checkpoints'), 'newest', logged.path, newest);
  }
}

async function checkCheckpoint(
  audit: TrialAudit,
  step: number,
  log: CheckedLog,
  sums: ComparedChecksums,
): Promise<void> {
  const { files, findings, at, plan } = audit;
  const path = checkpointPath(step);
  const statePlace = at(`${path}/state.json`);
  const state = await readState(join(files.folder, path, 'state.json'));
  if (typeof state === 'string') {
    findings.differ(statePlace, 'file', 'the JSON that vouches for the checkpoint', state);
    return;
  }
  findings.count('checkpoints');
  const dropped = log.records.flatMap((record) =>
    record.event === 'variant.end' && record.step <= step ? [record.variant] : [],
  );
  const lacking = [...dropped, ...(state.unsaved ?? [])];
  const variants = plan.variants.filter(({ name }) => !lacking.includes(name));
  const names = variants.map(({ name }) => `${name}.safetensors`);
  findings.same(
    statePlace,
    'state',
    { schemaVersion: stateSchemaVersion, step, configHash: plan.configHash },
    { ...state, files: undefined, unsaved: undefined },
  );
  findings.same(statePlace, 'files', names, Object.keys(state.files));
  sums.report(`${path}/state.json`);
  for (const variant of variants) {
    await checkWeights(audit, `${path}/${variant.name}.safetensors`, variant, state);
  }
}

async function checkWeights(
  { files, findings, at, data }: TrialAudit,
  path: string,
  variant: VariantSpec,
  state: CheckpointState,
): Promise<void> {
  const bytes = await readBytes(join(files.folder, path)).catch(() => undefined);
  if (bytes === undefined) {
    findings.differ(at(path), 'file', 'a file, as state.json lists it', 'none');
    return;
  }
  const sum = sha256(bytes);
  const recorded = state.files[`${variant.name}.safetensors`];
  if (!findings.same(at(path), 'SHA-256 in state.json', recorded, sum)) return;
  // What a program keeps beside it is its own.
  if (data === undefined || !isNetwork(variant)) return;
  const shapes = checkpointShapes(planNetwork(variant, data.inputShape));
  try {
    const tensors = Object.entries(decodeSafetensors(bytes, path));
    const saved = Object.fromEntries(tensors.map(([name, { shape }]) => [name, shape]));
    findings.same(at(path), 'tensor shapes', shapes, saved);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(at(path), 'file', 'float32 safetensors', error.message);
  }
}

/** @returns a text saying what is wrong, if it is not a state as Lockstep writes it */
async function readState(path: string): Promise<CheckpointState | string> {
  const text = await readText(path).catch(() => undefined);
  if (text === undefined) return 'none';
  try {
    const state = parseJson(text, 'state.json', stateFile);
    return jsonText(state) === text ? state : 'other spelling or white space';
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return error.message;
  }
}
