import { resolve } from 'node:path';
import { formatDifference } from '../../audit/findings.js';
import { verifyRun } from '../../audit/verify-run.js';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { collectProvenance } from '../../run/provenance.js';
import { defineCommand } from '../command.js';
import { texts } from '../flags.js';
import { json, runDir } from '../options.js';
import { renderVerification } from '../render-verification.js';

export const verify = defineCommand({
  name: 'verify',
  describe: 'Recompute what a run recorded, and name the first thing that differs',
  positionals: { runDir },
  flags: {
    data: texts(
      'Folder with the dataset, if it is not where the run had it; of several datasets RECORDED=FOLDER, once for each that moved; of an imported run its source',
    ),
    json,
  },
  async run({ runDir: folder, data, json: asJson }, { cwd, stdout }) {
    const now = await collectProvenance([]);
    const verification = await verifyRun(resolve(cwd, folder), now, { asked: data, cwd });
    stdout.write(asJson ? jsonText(verification) : renderVerification(verification));
    const { differences, differing } = verification;
    const [first] = differences;
    if (first !== undefined) {
      const others = differing > 1 ? ` (and ${differing - 1} more)` : '';
      throw new LockstepError('verification', `${formatDifference(first)}${others}`, {
        hint: 'The run is not as it was recorded: restore it from a copy, or run it again.',
      });
    }
    return 0;
  },
});
