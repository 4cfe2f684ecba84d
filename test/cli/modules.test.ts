import { expect } from 'chai';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockstep, onlyRun } from '../support/lockstep.js';
import { linear, exampleModule, writeModule } from '../support/network-modules.js';
import { readAllRecords } from '../support/read-all-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { writeTinyDataset } from '../support/tiny-run.js';

/** Runs the debug configuration with a module in the place of the SNN. */
async function runWith(cwd: string, variant: string, ...args: string[]) {
  const overrides = [
    `data.path=${await writeTinyDataset(cwd)}`,
    'data.validationSize=10',
    'evaluation.splits=[{split: test, examples: all}]',
    'variants.snn=null',
    `variants.own=${variant}`,
  ].flatMap((set) => ['--set', set]);
  return lockstep(cwd, 'run', 'debug', '--engine', 'wasm', '--quiet', ...overrides, ...args);
}

const logOf = async (run: string) => readAllRecords(join(run, 'trials/0000/log.ndjson'));

describe('a variant that is a module', function () {
  this.timeout(120_000);

  it('resumes from its checkpoint, unless its code changed; verify says so', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeFile(join(cwd, 'helper.mjs'), 'export const limit = 7;\n');
      const exported = linear.replace('forward: (inputs) =>', 'forward: (inputs) => count() ??');
      const module = await writeModule(
        cwd,
        exported,
        `import { existsSync } from 'node:fs';
        import { limit } from './helper.mjs';
        let passes = 0;
        function count() {
          if (++passes > 2 * limit && existsSync('stop')) process.exit(9);
        }`,
      );
      await writeFile(join(cwd, 'stop'), '');
      const args = ['--set', 'checkpoint.every=5', '--retries', '0'];
      const stopped = await runWith(cwd, `{module: ${module}}`, ...args);
      expect(stopped.code, stopped.stderr).to.equal(5);
      await rm(join(cwd, 'stop'));
      const run = await onlyRun(cwd);
      await appendFile(join(cwd, 'helper.mjs'), '// changed\n');
      const refused = await lockstep(cwd, 'resume', run, '--failed');
      expect(refused.code).to.equal(2);
      expect(refused.stderr).to.match(/module .*helper\.mjs: was /);
      const resumed = await lockstep(cwd, 'resume', run, '--failed', '--force');
      expect(resumed.code, resumed.stderr).to.equal(0);
      const resumes = (await logOf(run)).filter(({ event }) => event === 'trial.resume');
      expect(resumes[0]).to.include({ step: 5 });
      const verified = await lockstep(cwd, 'verify', run);
      expect(verified.code, verified.stdout).to.equal(0);
      expect(verified.stdout).to.match(/module .*helper\.mjs: trained with /);
      expect(verified.stdout).to.include('20 input digests recomputed');
    });
  });

  it('is swept by its options, which its schema checks before anything is trained', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeTinyDataset(cwd);
      await writeFile(
        join(cwd, 'sweep.yaml'),
        [
          'extends: debug',
          `data: {path: ${join(cwd, 'digits')}, validationSize: 10}`,
          'training: {steps: 2}',
          'evaluation: {splits: [{split: test, examples: all}]}',
          `variants: {snn: null, own: {module: ${exampleModule}, options: {activation: relu}}}`,
          'sweep: {method: grid, parameters: {variants.own.options.units: {values: [4, 8]}}}',
          '',
        ].join('\n'),
      );
      const sweep = (...args: string[]) =>
        lockstep(cwd, 'sweep', 'sweep.yaml', '--engine', 'wasm', '--quiet', ...args);
      const wrong = await sweep(
        '--set',
        'sweep.parameters={variants.own.options.units: {values: [4, many]}}',
      );
      expect(wrong.code).to.equal(2);
      expect(wrong.stderr).to.include('variants.own.options.units: Invalid input');
      const { code, stderr } = await sweep();
      expect(code, stderr).to.equal(0);
      const run = await onlyRun(cwd);
      const counted = await Promise.all(
        ['0000', '0001'].map(async (trial) => {
          const [start] = await readAllRecords(join(run, `trials/${trial}/log.ndjson`));
          return start?.event === 'trial.start' ? start.variants.own?.parameters : undefined;
        }),
      );
      // 52,096 of the convolutions; 256 inputs to the dense layers.
      expect(counted).to.deep.equal([52_096 + 257 * 4 + 50, 52_096 + 257 * 8 + 90]);
    });
  });

  it('fails the trial with the place in the code where it throws later, and the log says so', async () => {
    await withTemporaryFolder(async (cwd) => {
      const late = linear.replace('forward: (inputs) =>', 'forward: (inputs) => fail() ??');
      const module = await writeModule(
        cwd,
        late,
        "let passes = 0;\nfunction fail() {\n  if (++passes === 9) throw new RangeError('too far');\n}",
      );
      const { code, stderr } = await runWith(cwd, `{module: ${module}}`);
      expect(code).to.equal(2);
      expect(stderr).to.match(/variant own: .*own\.mjs:3:29: RangeError: too far/);
      const end = (await logOf(await onlyRun(cwd))).at(-1);
      expect(end).to.include({ event: 'trial.end', outcome: 'failed', code: 'module' });
    });
  });

  it('is read as TypeScript where Node.js can, and says what is needed where it cannot', async () => {
    await withTemporaryFolder(async (cwd) => {
      await writeFile(
        join(cwd, 'own.ts'),
        `const rows: number = -1;\nexport default ${linear.replace('-1', 'rows as number')};\n`,
      );
      const { code, stdout, stderr } = await runWith(cwd, '{module: ./own.ts}', '--dry-run');
      const { features } = process as unknown as { features: { typescript?: unknown } };
      if (features.typescript === 'strip') {
        expect(code, stderr).to.equal(0);
        expect(stdout).to.include('650 parameters');
      } else {
        expect(code).to.equal(2);
        expect(stderr).to.match(/expected JavaScript, as this Node\.js \(v[\d.]+\) does not read/);
      }
      const key = await runWith(cwd, '{module: ./own.ts, init: he}', '--dry-run');
      expect(key.stderr).to.include(
        'variants.own.init: expected only in variants without a module',
      );
      const missing = await runWith(cwd, '{module: ./none.mjs}', '--dry-run');
      expect(missing.stderr).to.match(/variants\.own\.module: expected a file, got .*none\.mjs/);
    });
  });
});
