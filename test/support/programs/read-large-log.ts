import { writeCheckpoint } from '../../../src/checkpoint/checkpoints.js';
import { digestTrial } from '../../../src/app/summarize-run.js';
import { trialFiles } from '../../../src/run/run-directory.js';
import { resumePoint } from '../../../src/trial/resume-point.js';

// Does what the end of a run and a resume do with a log, in little memory: `<run> <steps>`.
const [, , run = '', steps = ''] = process.argv;
const files = trialFiles(run, 0);
const digest = await digestTrial(files.log);
await writeCheckpoint(files.folder, 'hash', { step: Number(steps), variants: {} });
const { records } = await resumePoint(files, 'hash');
process.stdout.write(JSON.stringify({ step: digest?.summary.step, kept: records.length }));
