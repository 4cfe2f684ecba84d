import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { formatDifference } from '../../src/audit/findings.js';
import { formatChecksums, parseChecksums } from '../../src/files/checksums.js';
import { verifyRun } from '../../src/audit/verify-run.js';
import { encodePredictions, readPredictions } from '../../src/predictions/predictions-file.js';
import { reportJson } from '../../src/report/report-schema.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { collectProvenance } from '../../src/run/provenance.js';
import { recordForcedResume } from '../../src/run/resumes.js';
import { sealRun, sealTrial } from '../../src/run/seal.js';
import { lockstep } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { tinyRun } from '../support/tiny-run.js';

/** All files under a folder, relative to it. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

const here = await collectProvenance([]);

async function differencesOf(run: string): Promise<string[]> {
  return (await verifyRun(run, here)).differences.map(formatDifference);
}

describe('verifyRun', function () {
  this.timeout(120_000);
  let cwd: string;
  let original: string;

  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'lockstep-test-'));
    const overrides = [
      'checkpoint.initial=true',
      'evaluation.predictions=true',
      'training.optimizer.schedule={kind: linear}',
    ];
    const flags = overrides.flatMap((override) => ['--set', override]);
    original = await tinyRun(cwd, '--seeds', '1..2', ...flags);
    expect(await lockstep(cwd, 'report')).to.include({ code: 0 });
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  /** Changes a copy of the run and verifies it. */
  async function afterChange(change: (run: string) => Promise<unknown>): Promise<string[]> {
    return withTemporaryFolder(async (folder) => {
      const run = join(folder, 'copy');
      await cp(original, run, { recursive: true });
      await change(run);
      return differencesOf(run);
    });
  }

  /** As {@link afterChange}, all checksums made anew, as a forger would. */
  function afterForgery(file: string, forge: (text: string) => string): Promise<string[]> {
    return afterChange(async (run) => {
      const path = join(run, file);
      const text = await readFile(path, 'utf8');
      const forged = forge(text);
      expect(forged, 'the forgery').not.to.equal(text);
      await writeFile(path, forged);
      await sealRun(run);
      for (const trial of ['0000', '0001']) await sealTrial(join(run, 'trials', trial));
    });
  }

  it('finds nothing in an untouched run and says what it checked', async () => {
    const verification = await verifyRun(original, here);
    expect(verification.differences).to.deep.equal([]);
    expect(verification).to.include({ verified: true, differing: 0 });
    expect(verification.trials).to.deep.equal([
      { trial: 0, seed: 1, steps: 10, state: 'completed', step: 10 },
      { trial: 1, seed: 2, steps: 10, state: 'completed', step: 10 },
    ]);
    expect(verification.checked).to.include({
      'log records': 30,
      'minibatches recomputed': 20,
      'input digests recomputed': 40,
      'trace lines': 20,
      checkpoints: 4,
      'predictions files': 2,
      'results recomputed': 2,
      'reports made anew': 1,
    });
  });

  it('finds every flipped byte and names its file first', async () => {
    const files = (await filesOf(original)).filter((file) => !file.startsWith('trials/0001/'));
    expect(files).to.include.members([
      'SHA256SUMS',
      'manifest.json',
      'report.html',
      'report.json',
      'trials/0000/SHA256SUMS',
      'trials/0000/checkpoints/step-000000/relu.safetensors',
      'trials/0000/checkpoints/step-000010/state.json',
      'trials/0000/log.ndjson',
      'trials/0000/predictions.safetensors',
      'trials/0000/result.json',
      'trials/0000/trace.ndjson',
    ]);
    for (const file of files) {
      const path = join(original, file);
      const bytes = await readFile(path);
      try {
        const position = fc.integer({ min: 0, max: bytes.length - 1 });
        await fc.assert(
          fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, mask) => {
            const flipped = Buffer.from(bytes);
            flipped[at]! ^= mask;
            await writeFile(path, flipped);
            const { differences } = await verifyRun(original, here);
            expect(differences[0]?.file, `byte ${at} ^ ${mask} of ${file}`).to.equal(file);
          }),
          { numRuns: 20 },
        );
      } finally {
        await writeFile(path, bytes);
      }
    }
    expect(await differencesOf(original)).to.deep.equal([]);
  });

  const log = 'trials/0001/log.ndjson';
  const forgeries: readonly [
    title: string,
    file: string,
    forge: (text: string) => string,
    RegExp,
  ][] = [
    [
      'the number of training examples',
      'manifest.json',
      (text) => text.replace('"trainingExamples": 60', '"trainingExamples": 61'),
      /^manifest\.json: trainingExamples: expected 60, got 61/,
    ],
    [
      'a learning rate',
      log,
      (text) => text.replace(/("step":3,.*?"learningRate":)[\d.]+/, '$10.5'),
      /^trials\/0001\/log\.ndjson:5 \(seq 5\): variants\.relu\.learningRate of step 3: expected 0\.02\d*, got 0\.5/,
    ],
    [
      'a minibatch digest, with line and seq',
      log,
      (text) => text.replace(/("step":3,.*?"batch":{"indicesDigest":")..../, '$1ffff'),
      /^trials\/0001\/log\.ndjson:5 \(seq 5\): batch\.indicesDigest of step 3: expected [0-9a-f]{16}, got ffff/,
    ],
    [
      'labels',
      log,
      (text) => text.replace(/("step":3,.*?"targetsDigest":")..../, '$1ffff'),
      /log\.ndjson:5 \(seq 5\): batch\.targetsDigest of step 3: expected [0-9a-f]{16}, got ffff/,
    ],
    [
      'what a variant was fed',
      log,
      (text) => text.replace(/("step":7,.*?"snn":.*?"inputDigest":")..../, '$1ffff'),
      /log\.ndjson:9 \(seq 9\): variants\.snn\.inputDigest of step 7/,
    ],
    [
      'a missing step',
      log,
      (text) => text.replace(/.*"step":4,.*\n/, ''),
      /log\.ndjson:6 \(seq 7\): seq: expected 6, got 7/,
    ],
    [
      'a key that the schema does not know',
      log,
      (text) => text.replace('"event":"step"', '"event":"step","note":"x"'),
      /log\.ndjson:3 \(seq 3\): record: expected what docs\/log-schema\.md says .*note/,
    ],
    [
      'another random stream',
      log,
      (text) => text.replace(/"dropout":-?\d+/, '"dropout":7'),
      /log\.ndjson:1 \(seq 1\): trial\.start\.streams\.dropout: expected -?\d+, got 7/,
    ],
    [
      'an evaluation of fewer examples',
      log,
      (text) => text.replace('"examples":20', '"examples":19'),
      /examples: expected 20, got 19/,
    ],
    [
      'a trace of other examples',
      'trials/0000/trace.ndjson',
      (text) => text.replace(/"indices":\[\d+/, '"indices":[99'),
      /^trials\/0000\/trace\.ndjson:1: line of step 1/,
    ],
    [
      'a better result than the log has',
      'trials/0000/result.json',
      (text) => text.replace(/("snn": {[^}]*"final": {[^}]*"loss": )[\d.]+/s, '$10.001'),
      /^trials\/0000\/result\.json: result\.variants\.snn\.final\.scores\.loss: expected [\d.]+, got 0\.001/,
    ],
    [
      'another learning rate in the manifest',
      'manifest.json',
      (text) => text.replace('"learningRate": 0.025', '"learningRate": 0.02'),
      /^manifest\.json: configHash/,
    ],
    [
      'another seed in the plan',
      'manifest.json',
      (text) => text.replace('"seed": 2', '"seed": 3'),
      /^manifest\.json: trials\.1\.seed: expected 2, got 3/,
    ],
    [
      'other data in the provenance',
      'manifest.json',
      (text) => text.replace(/"md5": "..../, '"md5": "ffff'),
      /^manifest\.json: provenance\.data\.0\.md5/,
    ],
    [
      'a report that says something else',
      'report.json',
      (text) => text.replace(/("wins": )\d+/, '$17'),
      /^report\.json: report\.comparisons\.0\.wins: expected \d, got 7$/,
    ],
    [
      'a report that tells it otherwise',
      'report.json',
      (text) => {
        const report = JSON.parse(text) as ReportDocument;
        return reportJson({ ...report, headline: { ...report.headline, sentence: 'Won.' } });
      },
      /^report\.json: report\.headline\.sentence: expected SNN .*, got Won\.$/,
    ],
    [
      'a checkpoint of another configuration',
      'trials/0000/checkpoints/step-000010/state.json',
      (text) => text.replace(/"configHash": "..../, '"configHash": "ffff'),
      /state\.json: state\.configHash/,
    ],
  ];
  for (const [title, file, forge, message] of forgeries) {
    it(`names, although every checksum was made anew, ${title}`, async () => {
      expect((await afterForgery(file, forge))[0]).to.match(message);
    });
  }

  it('names, although every checksum was made anew, predictions of another accuracy', async () => {
    const differences = await afterChange(async (run) => {
      const trial = join(run, 'trials/0001');
      const path = join(trial, 'predictions.safetensors');
      const { variants, ...rest } = (await readPredictions(path))!;
      const snn = variants.snn!.map(() => 255);
      await writeFile(path, encodePredictions({ ...rest, variants: { ...variants, snn } }));
      await sealTrial(trial);
    });
    expect(differences).to.have.length(1);
    expect(differences[0]).to.match(
      /^trials\/0001\/predictions\.safetensors: correct of snn \(seq \d+ of the log\): expected \d+, got 0$/,
    );
  });

  /** The report as another Lockstep might have written it. */
  const byAnother = (change: (report: ReportDocument) => object) => (text: string) => {
    const report = JSON.parse(text) as ReportDocument;
    return reportJson({ ...report, madeBy: { version: '0.0.1' }, ...change(report) });
  };

  it('holds a report that another Lockstep worded to its numbers', async () => {
    const worded = byAnother(({ headline }) => ({ headline: { ...headline, sentence: 'Won.' } }));
    expect(await afterForgery('report.json', worded)).to.deep.equal([]);
    const counted = byAnother(({ decision }) => ({ decision: { ...decision, plannedPairs: 9 } }));
    expect(await afterForgery('report.json', counted)).to.deep.equal([
      'report.json: report.decision.plannedPairs: expected 2, got 9',
    ]);
  });

  it('misses a file that was removed', async () => {
    const files = [
      'trace.ndjson',
      'checkpoints/step-000010/snn.safetensors',
      'predictions.safetensors',
      'result.json',
    ];
    for (const file of files) {
      const differences = await afterChange((run) => rm(join(run, 'trials/0000', file)));
      expect(differences.join('\n'), file).to.include(`trials/0000/${file}`);
    }
    const unsealed = await afterChange((run) => rm(join(run, 'trials/0001/SHA256SUMS')));
    expect(unsealed).to.deep.equal([
      'trials/0001/SHA256SUMS: file: expected a list, as there is a result, got none',
    ]);
  });

  it('names what was put into the folder of trials, and says what lies beside it unchecked', async () => {
    const strays = [
      'trials/0000/extra.bin',
      'trials/0000/checkpoints/other',
      'trials/0000/checkpoints/step-000010/other.safetensors',
      'trials/0007',
    ];
    for (const stray of strays) {
      const [first, ...others] = await afterChange((run) => writeFile(join(run, stray), 'x'));
      const file = stray.includes('step-') ? 'trials/0000/SHA256SUMS' : stray;
      expect(first, stray).to.match(new RegExp(`^${file}: `));
      expect(others, stray).to.deep.equal([]);
    }
    await withTemporaryFolder(async (folder) => {
      const run = join(folder, 'copy');
      await cp(original, run, { recursive: true });
      await writeFile(join(run, 'report.md'), 'x');
      const { verified, notes } = await verifyRun(run, here);
      expect(verified).to.equal(true);
      expect(notes.join('\n')).to.include('report.md is not of the run, and was not checked');
    });
  });

  it('reads no file that a list names but that is not of its folder', async () => {
    for (const [list, file] of [
      ['SHA256SUMS', '../../../etc/hostname'],
      ['trials/0000/SHA256SUMS', 'checkpoints/step-000010/../../../../../../../dev/zero'],
    ] as const) {
      const [first] = await afterChange(async (run) => {
        const text = await readFile(join(run, list), 'utf8');
        const sums = parseChecksums(text)!;
        await writeFile(
          join(run, list),
          formatChecksums(new Map([...sums, [file, '0'.repeat(64)]])),
        );
      });
      expect(first).to.equal(
        `${list}: lines: expected only files that belong to the folder, got ${file}`,
      );
    }
  });

  it('takes a device in place of a file for a difference, and reads none of it', async () => {
    const [first] = await afterChange(async (run) => {
      await rm(join(run, 'trials/0000/trace.ndjson'));
      await symlink('/dev/zero', join(run, 'trials/0000/trace.ndjson'));
    });
    expect(first).to.include('expected a file, got a device or a pipe');
  });

  it('says what was changed before a forced resume', async () => {
    await withTemporaryFolder(async (folder) => {
      const run = join(folder, 'copy');
      await cp(original, run, { recursive: true });
      const changes = [{ what: 'data train-labels', then: 'a', now: 'b' }];
      recordForcedResume(run, { time: 1, trials: [0, 1], changes });
      // A report from before the resume does not say so: it would differ.
      await Promise.all(['html', 'json'].map((kind) => rm(join(run, `report.${kind}`))));
      await sealRun(run);
      const { verified, notes } = await verifyRun(run, here);
      expect(verified).to.equal(true);
      expect(notes).to.include(
        'resumed with --force after a change of data train-labels: trials 0, 1',
      );
      await writeFile(join(run, 'resumes.ndjson'), '{}\n');
      await sealRun(run);
      expect((await differencesOf(run))[0]).to.match(/^resumes.ndjson: file: .*:1: time: expected/);
    });
  });

  it('misses a whole trial that a report knows', async () => {
    const removed = await afterChange((run) => rm(join(run, 'trials/0001'), { recursive: true }));
    expect(removed).to.deep.equal([
      'trials/0001: folder: expected a trial that completed, as report.json says, got none',
    ]);
  });

  it('checks what a killed trial has written, and says what it cannot check', async () => {
    await withTemporaryFolder(async (folder) => {
      const run = join(folder, 'copy');
      await cp(original, run, { recursive: true });
      const trial = join(run, 'trials/0001');
      const text = await readFile(join(trial, 'log.ndjson'), 'utf8');
      await writeFile(join(trial, 'log.ndjson'), text.split('\n').slice(0, 6).join('\n'));
      await rm(join(trial, 'trace.ndjson'));
      await writeFile(join(trial, 'trace.ndjson'), await firstLines(original, 5));
      for (const file of ['SHA256SUMS', 'predictions.safetensors', 'result.json'])
        await rm(join(trial, file));
      await rm(join(trial, 'checkpoints/step-000010'), { recursive: true });
      await rm(join(run, 'report.json'));
      await sealRun(run);
      const { trials, differences, notes } = await verifyRun(run, here);
      expect(differences).to.deep.equal([]);
      expect(trials[1]).to.include({ state: 'unfinished', step: 3 });
      expect(notes.join('\n')).to.match(/last line, 6, is torn/);
      expect(notes.join('\n')).to.match(/trial 1 has not ended/);
    });
  });
});

async function firstLines(run: string, count: number): Promise<string> {
  const text = await readFile(join(run, 'trials/0001/trace.ndjson'), 'utf8');
  return text.split('\n').slice(0, count).join('\n');
}
