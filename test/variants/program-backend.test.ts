import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lastValueFrom } from 'rxjs';
import { isProcessAlive } from '../../src/files/processes.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { ProgramSettings, ProgramVariant } from '../../src/model/variant.js';
import { digest } from '../../src/protocol/digest.js';
import { LockstepError } from '../../src/protocol/index.js';
import { programBackend } from '../../src/variants/program-backend.js';
import { testedEngine } from '../support/engine.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { rawData } from '../support/variants.js';

const indices = Int32Array.of(0, 1);
const client = pathToFileURL(join(process.cwd(), 'clients/node/lockstep.mjs')).href;
const answer = `{"event":"step","step":1,"metrics":{"loss":1,"accuracy":0.5},"positionsDigest":"${digest(indices)}"}`;

/** A program that answers hello, and then does something of its own at its first step. */
function raw(atStep: string): string[] {
  const text = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { type } = JSON.parse(line);
    if (type === 'hello') console.log('{"event":"ready","protocol":1}');
    if (type === 'step') { ${atStep} }
  });`;
  return [process.execPath, '-e', text];
}

/** A program of the Node client. */
function withClient(text: string): string[] {
  const source = `import { train } from '${client}'; ${text}`;
  return [process.execPath, '--input-type=module', '-e', source];
}

function variantOf(program: Partial<ProgramSettings> & Pick<ProgramSettings, 'command'>) {
  const variant: ProgramVariant = {
    name: 'own',
    label: 'Own',
    input: 'raw',
    updatesPerStep: 1,
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0 },
    objective: defaultObjective,
    program: { options: {}, feed: 'positions', timeout: 20, ...program },
  };
  return variant;
}

async function open(folder: string, variant: ProgramVariant, restoredAt?: number) {
  const backend = programBackend({
    ...{ trialFolder: folder, trial: 0, seed: 1, dataSeed: 1, steps: 3, batchSize: 2 },
    means: { loss: { sum: 'loss', counts: false }, accuracy: { sum: 'correct', counts: true } },
    evaluateMinibatch: true,
    mustSave: false,
    initialCheckpoint: undefined,
  });
  const metrics = ['loss', 'accuracy'];
  return backend.open(
    {
      ...{ variant, engine: testedEngine, seeds: { init: 1, dropout: 2 } },
      ...{ metrics, minibatchMetrics: metrics },
      restore: restoredAt === undefined ? undefined : { step: restoredAt, tensors: {} },
    },
    Promise.resolve(rawData()),
  );
}

type Session = Awaited<ReturnType<typeof open>>;

async function withSession<Value>(
  command: string[],
  use: (session: Session, folder: string) => Promise<Value>,
  settings: Partial<ProgramSettings> = {},
): Promise<Value> {
  return withTemporaryFolder(async (folder) => {
    const session = await open(folder, variantOf({ command, ...settings }));
    try {
      return await use(session, folder);
    } finally {
      await session.destroy();
    }
  });
}

const firstStep = (session: Session, step = 1) =>
  lastValueFrom(session.step({ step, indices, evaluate: true }));

/** The error of the first step of a program. */
async function failure(command: string[], settings: Partial<ProgramSettings> = {}) {
  const error: unknown = await withSession(
    command,
    (session) => firstStep(session).catch((reason: unknown) => reason),
    settings,
  );
  expect(error).to.be.instanceOf(LockstepError);
  return error as LockstepError;
}

async function gone(pid: number): Promise<boolean> {
  for (let wait = 0; wait < 100 && isProcessAlive(pid); wait += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return !isProcessAlive(pid);
}

describe('programBackend', function () {
  this.timeout(60_000);

  it('feeds the positions of the minibatch, and gets sums and their digest', async () => {
    const program = withClient(`await train({
      step: ({ positions, learningRate }) => ({ loss: positions.length + learningRate, accuracy: 0.5 }),
      evaluate: ({ split, positions }) => ({ loss: positions.length, accuracy: 1 }),
    });`);
    await withSession(program, async (session) => {
      const reply = await firstStep(session);
      expect(reply).to.deep.include({ examples: 2, indicesDigest: digest(indices) });
      expect(reply.sums).to.deep.equal({ loss: 4.2, correct: 1 });
      const evaluation = session.evaluate({ split: 'test', indices });
      expect((await lastValueFrom(evaluation)).sums).to.deep.equal({ loss: 4, correct: 2 });
      const saved = await lastValueFrom(session.save({ checkpoint: 1 }));
      expect(saved).to.deep.equal({ step: 1 });
    });
  });

  it('feeds the examples themselves where it is asked to', async () => {
    const program = withClient(`await train({
      step: ({ inputs, targets }) => ({ loss: Buffer.from(inputs, 'base64').length, accuracy: 0 }),
    });`);
    const reply = await withSession(program, (session) => firstStep(session), { feed: 'examples' });
    const { train } = rawData().splits;
    const bytes = train.inputs.values.byteLength / train.count;
    expect(reply.sums.loss).to.equal(2 * 2 * bytes);
  });

  it('goes on from what the program saved, and from nowhere else', async () => {
    const program = withClient(`import { readFileSync, writeFileSync } from 'node:fs';
      let state = 0;
      await train({
        start: ({ resume }) => { if (resume) state = Number(readFileSync(resume.folder + '/state')); },
        step: () => ({ loss: ++state, accuracy: 0 }),
        save: (folder) => writeFileSync(folder + '/state', String(state)),
      });`);
    await withTemporaryFolder(async (folder) => {
      const variant = variantOf({ command: program });
      const session = await open(folder, variant);
      await firstStep(session);
      await firstStep(session, 2);
      const saved = await lastValueFrom(session.save({ checkpoint: 2 }));
      expect(saved).to.deep.equal({ step: 2, tensors: {} });
      await session.destroy();
      const resumed = await open(folder, variant, 2);
      expect((await firstStep(resumed, 3)).sums.loss).to.equal(6);
      await resumed.destroy();
      const error: unknown = await open(folder, variant, 1).catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'data' });
    });
  });

  it('keeps other output in a file and shows its end when the program fails', async () => {
    const error = await failure(
      raw(`console.log('hi'); console.error('no disk'); process.exit(3)`),
    );
    expect(error.code).to.equal('worker');
    expect(error.message).to.match(/variant own: its program failed at step 1: .* exit code 3/);
    expect(error.message).to.include('hi').and.include('no disk');
    expect(error.hint).to.include('programs/own/output.log');
  });

  it('says what a wrong answer should be', async () => {
    const say = (text: string) => raw(`console.log(${JSON.stringify(text)})`);
    const cases: [string, RegExp][] = [
      ['{"event": oops}', /expected a JSON object on one line, got \{"event": oops\}/],
      ['{"event":"evaluate"}', /expected an answer with "event": "step"/],
      [answer.replace('"step":1', '"step":7'), /expected step 1, got step 7/],
      [answer.replace('"accuracy":0.5', '"f1":1'), /expected the metric accuracy, got loss, f1/],
      [answer.replace(/,"positionsDigest.*"/, ''), /expected positionsDigest, the XXH64/],
      [answer.replace('0.5', '"half"'), /metrics.accuracy: expected a number/],
    ];
    for (const [text, message] of cases) {
      expect((await failure(say(text))).message).to.match(message);
    }
  });

  it('takes a bare NaN, as Python writes it, for a loss that diverged', async () => {
    const text = answer.replace('"loss":1', '"loss": NaN').replace(',"accuracy":0.5', '');
    const reply = await withSession(raw(`console.log(${JSON.stringify(text)})`), (session) =>
      firstStep(session),
    );
    expect(reply.sums).to.deep.equal({ loss: NaN, correct: NaN });
  });

  it('kills a program that hangs', async () => {
    const error = await failure(raw(''), { timeout: 3 });
    expect(error.message).to.match(/at step 1: expected an answer within 3 s, got none/);
  });

  it('tells of a program that is killed, or ends in the middle of an answer', async () => {
    const killed = await failure(raw(`process.kill(process.pid, 'SIGKILL')`));
    expect(killed.message).to.match(/it was killed by SIGKILL/);
    const half = await failure(raw(`process.stdout.write('{"event":"st', () => process.exit(0))`));
    expect(half.message).to.match(/exit code 0 in the middle of an answer: \{"event":"st/);
  });

  it('holds neither memory nor disk for a program that floods 1 GB', async () => {
    const script = `read hello; echo '{"event":"ready","protocol":1}'
      read step; head -c 1073741824 /dev/zero; echo; echo '${answer}'; read stop`;
    const flood = ['sh', '-c', script];
    await withSession(flood, async (session, folder) => {
      const before = process.memoryUsage().rss;
      expect(await firstStep(session)).to.include({ step: 1 });
      expect(process.memoryUsage().rss - before).to.be.below(300 * 2 ** 20);
      const { size } = statSync(join(folder, 'programs/own/output.log'));
      expect(size).to.be.within(2 ** 24, 2 ** 24 + 100);
    });
  });

  it('leaves no process of its group behind', async () => {
    const forks =
      raw(`const child = require('child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
      console.error('child ' + child.pid); console.log(${JSON.stringify(answer)});`);
    const pid = await withSession(forks, async (session, folder) => {
      await firstStep(session);
      let text = '';
      for (let wait = 0; wait < 100 && !text.includes('child'); wait += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        text = readFileSync(join(folder, 'programs/own/output.log'), 'utf8');
      }
      return Number(/child (\d+)/.exec(text)?.[1]);
    });
    expect(await gone(pid)).to.equal(true);
  });

  it('leaves none behind when the process of the trial is killed', async () => {
    await withTemporaryFolder(async (folder) => {
      const module = new URL('../../src/variants/program/program.js', import.meta.url).href;
      const text = `import { Program } from '${module}';
        const hangs = "process.on('SIGTERM', () => 0); console.error('own ' + process.pid); setInterval(() => 0, 1000)";
        new Program({ variant: 'own', command: [process.execPath, '-e', hangs], outputPath: '${folder}/log', timeout: 100 });
        setInterval(() => 0, 1000);`;
      const trial = spawn(process.execPath, ['--input-type=module', '-e', text]);
      const log = () => {
        try {
          return readFileSync(join(folder, 'log'), 'utf8');
        } catch {
          return '';
        }
      };
      for (let wait = 0; wait < 250 && !log().includes('own'); wait += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const pid = Number(/own (\d+)/.exec(log())?.[1]);
      expect(isProcessAlive(pid)).to.equal(true);
      // The guard starts beside it.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const ended = once(trial, 'exit');
      trial.kill('SIGKILL');
      await ended;
      expect(await gone(pid)).to.equal(true);
    });
  });

  it('says that a program cannot be started', async () => {
    const error: unknown = await withTemporaryFolder((folder) =>
      open(folder, variantOf({ command: ['no-such-program'] })).catch((reason: unknown) => reason),
    );
    expect(error).to.be.instanceOf(LockstepError);
    expect((error as LockstepError).message).to.match(/expected no-such-program to start/);
  });
});
