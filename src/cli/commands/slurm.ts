import { slurmArrays } from '../../app/engine-jobs.js';
import { jsonText } from '../../files/write-atomic.js';
import { splitWords } from '../../schedule/executors/command.js';
import { count } from '../../text/numbers.js';
import { shellQuote } from '../../text/shell.js';
import { defineCommand } from '../command.js';
import { parsed, text, texts, toggle, wholeNumber } from '../flags.js';
import { json, storePosition, trialArguments, trialPlaceFlags } from '../options.js';

export const slurm = defineCommand({
  name: 'slurm',
  describe: 'Print the sbatch commands that train what a run in a store lacks, or submit them',
  positionals: {
    store: storePosition,
    sbatch: texts('After --: flags for sbatch, for instance -- --partition=gpu --time=4:00:00'),
  },
  flags: {
    submit: toggle('Submit the jobs'),
    concurrency: parsed('The most trials at the same time', wholeNumber(1)),
    logs: text(
      "Folder for the script and the logs of the jobs (default: slurm in the store's folder)",
    ),
    lockstep: parsed(
      'Command that starts Lockstep on the machines (default: this program by its path)',
      splitWords,
    ),
    ...trialPlaceFlags,
    json,
  },
  async run({ sbatch, ...values }, context) {
    const { stdout, stderr } = context;
    const request = { ...values, trialArguments: trialArguments(values), flags: sbatch };
    const { script, arrays } = await slurmArrays(request, context);
    if (values.json) {
      stdout.write(jsonText({ schemaVersion: 1, script, arrays }));
      return 0;
    }
    for (const { command, job } of arrays) {
      stdout.write(`${job ?? command.map(shellQuote).join(' ')}\n`);
    }
    const trials = arrays.reduce((sum, array) => sum + array.trials, 0);
    const what = `${count(trials, 'trial')} in ${count(arrays.length, 'array job')}`;
    if (trials === 0) stderr.write('Nothing to train: every trial has its commit.\n');
    else if (values.submit) stderr.write(`Submitted ${what}.\n`);
    else stderr.write(`${what}: run this where Slurm is, or add --submit.\n`);
    return 0;
  },
});
