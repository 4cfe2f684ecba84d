import { availableParallelism, totalmem } from 'node:os';
import { chooseEngine } from '../../engines/choose.js';
import { inspectEngines } from '../../engines/status.js';
import { jsonText } from '../../files/write-atomic.js';
import { defineCommand } from '../command.js';
import { json } from '../options.js';
import { renderDoctor } from '../render-doctor.js';

export const doctor = defineCommand({
  name: 'doctor',
  describe: 'Show the engines of this machine, and why one is not available',
  positionals: {},
  flags: { json },
  run({ json: asJson }, { stdout }) {
    const engines = inspectEngines();
    const diagnosis = {
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      engines,
      auto: chooseEngine('auto', 'auto', engines),
    };
    stdout.write(asJson ? jsonText(diagnosis) : renderDoctor(diagnosis));
    return 0;
  },
});
