import { appendFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { openApiDocument } from '../../../src/app/serve/api.js';
import { RunServer } from '../../../src/app/serve/server.js';
import { lockstep, startLockstep } from '../../support/lockstep.js';
import { trialRecords } from '../../support/log-records.js';
import { readManifest, trialFiles, withRunLock } from '../../../src/run/run-directory.js';
import { racedRun } from '../../support/raced-run.js';
import { writeSequentialRun } from '../../support/sequential-run.js';
import { writeMadeUpRun } from '../../support/made-up-run.js';
import { writeSyntheticRun } from '../../support/synthetic-run.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const seeds = [1, 2, 3, 4, 5, 6];
const hostile = `<img src=x onerror="alert(1)">"'</script><script>alert(2)</script>`;

interface Served {
  readonly folder: string;
  readonly address: string;
}

/** Serves the folder meanwhile. */
function serving(action: (served: Served) => Promise<void>, token?: string): Promise<void> {
  return withTemporaryFolder(async (parent) => {
    const folder = join(parent, 'runs');
    await mkdir(folder);
    const faults: string[] = [];
    const onFault = (text: string) => faults.push(text);
    const server = new RunServer({ folder, host: '127.0.0.1', port: 0, token, onFault });
    const address = await server.start();
    try {
      await action({ folder, address });
    } finally {
      await server.close();
    }
    expect(faults).to.deep.equal([]);
  });
}

/** As it is typed: `fetch` would tidy the path. */
function statusOf(address: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

/** Events of a stream as they come. */
async function* eventsOf(address: string): AsyncGenerator<{ event: string; data: unknown }> {
  const response = await fetch(address);
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data!) as unknown };
    }
  }
}

interface SentSnapshot {
  readonly curves: readonly { readonly steps: readonly number[] }[];
  readonly facts: unknown;
  readonly measure: string;
}

async function nextOf(
  events: ReturnType<typeof eventsOf>,
): Promise<{ readonly event: string; readonly data: unknown }> {
  const next = await events.next();
  if (next.done === true) throw new Error('the stream has ended');
  return next.value;
}

describe('RunServer', () => {
  it('lists runs, newest first, and one that cannot be read', () =>
    serving(async ({ folder, address }) => {
      const run = await writeSyntheticRun(dirname(folder), { seeds });
      await mkdir(join(folder, 'damaged'));
      await writeFile(join(folder, 'damaged/manifest.json'), '{');
      await symlink(run, join(folder, 'linked'));
      // The page does not wait until all have been read; programs do.
      expect(await (await fetch(address)).text()).to.include(`href="/runs/${basename(run)}"`);
      const { runs } = (await (await fetch(`${address}api/runs`)).json()) as {
        runs: readonly Record<string, unknown>[];
      };
      const page = await (await fetch(address)).text();
      expect(page).to.match(/damaged<\/a>[^]*cannot be read/);
      expect(page).not.to.include('linked');
      expect(runs.map(({ state }) => state)).to.deep.equal(['done', undefined]);
      expect(await (await fetch(`${address}healthz`)).text()).to.equal('ok\n');
      const metrics = await (await fetch(`${address}metrics`)).text();
      expect(metrics).to.match(/^lockstep_runs\{state="done"\} 1$/m);
      expect(metrics).to.match(/^lockstep_trials_completed 6$/m);
      expect(metrics).to.match(/^lockstep_serve_requests_total\{method="GET",status="200"\} \d+$/m);
      expect(metrics).to.match(/^process_resident_memory_bytes \d+$/m);
      expect(metrics).to.match(/^lockstep_serve_record_delay_seconds_count 0$/m);
    }));

  it('has the report of a run, which needs no script, and the same as data', () =>
    serving(async ({ folder, address }) => {
      const run = await writeSyntheticRun(dirname(folder), { seeds });
      const at = `${address}runs/${basename(run)}`;
      const response = await fetch(`${at}?report=wait`);
      const page = await response.text();
      expect(page).to.include('SNN beats ReLU by');
      expect(page).not.to.include('Interim:');
      expect(page).to.match(/<svg/);
      expect(page).not.to.match(/<script(?! src="\/(page|report)\.js" defer>)/);
      expect(response.headers.get('content-security-policy')).to.match(/script-src 'self';/);
      const report = (await (await fetch(`${at}/report.json`)).json()) as {
        headline: { decision: string };
      };
      expect(report.headline.decision).to.equal('better');
    }));

  it('marks the report of an unfinished run', () =>
    serving(async ({ folder, address }) => {
      const run = await writeMadeUpRun(folder, [
        { records: trialRecords({ steps: 3 }) },
        { records: [] },
      ]);
      const page = await (await fetch(`${address}runs/${basename(run)}?report=wait`)).text();
      expect(page).to.match(/Interim:<\/strong> 1 of 2 trials has not\s+completed/);
    }));

  it('sets two runs side by side', () =>
    serving(async ({ folder, address }) => {
      const one = await writeSyntheticRun(dirname(folder), { seeds });
      const elsewhere = join(dirname(folder), 'elsewhere');
      const made = await writeSyntheticRun(elsewhere, {
        seeds,
        overrides: ['decision.margin=0.001'],
      });
      const other = join(folder, 'other');
      await rename(made, other);
      const ids = [one, other].map((run) => `run=${basename(run)}`).join('&');
      const page = await (await fetch(`${address}compare?${ids}`)).text();
      expect(page.match(/SNN beats ReLU by/g)).to.have.length(2);
      expect(page).to.include('decision.margin');
      expect((await fetch(`${address}compare?run=${basename(one)}`)).status).to.equal(400);
    }));

  it('tells what happens in a run, to whoever comes late as well', () =>
    serving(async ({ folder, address }) => {
      const records = trialRecords({ steps: 4 });
      const run = await writeMadeUpRun(folder, [{ records: records.slice(0, 3) }]);
      const events = eventsOf(`${address}runs/${basename(run)}/events`);
      const snapshot = await nextOf(events);
      expect(snapshot.event).to.equal('snapshot');
      const { curves, facts, measure } = snapshot.data as SentSnapshot;
      expect(measure).to.equal('minibatch loss');
      expect(curves.map(({ steps }) => steps)).to.deep.equal([
        [1, 2],
        [1, 2],
      ]);
      expect(facts).to.deep.equal([[0, 'running', 2, 4]]);
      expect(await nextOf(events)).to.deep.equal({ event: 'report', data: {} });
      const startedAt = performance.now();
      await appendFile(join(run, 'trials/0000/log.ndjson'), `${JSON.stringify(records[3])}\n`);
      const { event, data } = await nextOf(events);
      expect(performance.now() - startedAt, 'milliseconds').to.be.below(1000);
      expect(event).to.equal('progress');
      const { points } = data as {
        readonly points: readonly (readonly [number, string, number])[];
      };
      expect(points.map(([trial, variant, step]) => [trial, variant, step])).to.deep.equal([
        [0, 'relu', 3],
        [0, 'snn', 3],
      ]);
      const late = eventsOf(`${address}runs/${basename(run)}/events?measure=minibatch%20accuracy`);
      const second = (await nextOf(late)).data as SentSnapshot;
      expect(second.measure).to.equal('minibatch accuracy');
      expect(second.curves[0]?.steps).to.deep.equal([1, 2, 3]);
      await events.return(undefined);
      await late.return(undefined);
    })).timeout(20_000);

  it('gives out the files that Lockstep wrote, and nothing else', () =>
    serving(async ({ folder, address }) => {
      const run = await writeSyntheticRun(dirname(folder), { seeds: [1] });
      const id = basename(run);
      await writeFile(join(folder, 'secret.txt'), 'secret');
      await writeFile(join(run, 'notes.txt'), 'mine');
      await writeFile(join(run, 'report.html'), '<script>alert(1)</script>');
      await symlink(join(folder, 'secret.txt'), join(run, 'trials/0000/trace.ndjson'));
      const manifest = await fetch(`${address}runs/${id}/files/manifest.json`);
      expect(await manifest.text()).to.equal(await readFile(join(run, 'manifest.json'), 'utf8'));
      expect(manifest.headers.get('content-type')).to.equal('text/plain; charset=utf-8');
      const page = await fetch(`${address}runs/${id}/files/report.html`);
      expect(page.headers.get('content-disposition')).to.equal('attachment');
      expect((await fetch(`${address}runs/${id}/files/trials/0000/log.ndjson`)).status).to.equal(
        200,
      );
      for (const path of [
        `/runs/${id}/files/notes.txt`,
        `/runs/${id}/files/trials/0000/trace.ndjson`,
        `/runs/${id}/files/../../secret.txt`,
        `/runs/${id}/files/..%2f..%2fsecret.txt`,
        `/runs/${id}/files/trials%2f0000%2flog.ndjson`,
        `/runs/${id}/files/%2e%2e/%2e%2e/secret.txt`,
        '/runs/../secret.txt',
        '/runs/..%2fsecret.txt',
        '/runs/%00',
        '/runs/%E0%A4%A',
        '/secret.txt',
        '/constructor',
        '/runs/__proto__',
      ]) {
        expect(await statusOf(address, path), path).to.equal(404);
      }
      expect(await statusOf(address, '//runs')).to.equal(400);
    }));

  it('reads no link in a run, wherever it leads', () =>
    serving(async ({ folder, address }) => {
      const run = await writeSyntheticRun(dirname(folder), { seeds: [1] });
      await rm(join(run, 'trials/0000/log.ndjson'));
      await symlink('/etc/hostname', join(run, 'trials/0000/log.ndjson'));
      const page = await (await fetch(`${address}runs/${basename(run)}?report=wait`)).text();
      expect(page).to.match(/cannot be read: .*expected a file or folder, got a link/);
    }));

  it('shows labels as text', () =>
    serving(async ({ folder, address }) => {
      const overrides = [`variants.snn.label=${JSON.stringify(hostile)}`];
      const run = await writeSyntheticRun(dirname(folder), { seeds, overrides });
      const page = await (await fetch(`${address}runs/${basename(run)}?report=wait`)).text();
      expect(page).not.to.match(/<img src=x|<script>alert/);
    }));

  it('answers any path and any headers with what they are: nothing', () =>
    serving(async ({ folder, address }) => {
      await writeMadeUpRun(folder, [{ records: trialRecords({ steps: 3 }) }]);
      const { hostname, port } = new URL(address);
      const segment = fc.constantFrom(
        ...[
          'runs',
          'api',
          'files',
          '..',
          '.',
          '',
          '%2e%2e',
          '%00',
          '%',
          '%ff',
          '__proto__',
          ':',
          '\\\\',
        ],
        ...['manifest.json', 'tutorial-20260101T000000Z-abcdef', 'a'.repeat(300), 'é', '?x=%', ';'],
      );
      const names = fc.constantFrom(
        'Cookie',
        'Authorization',
        'Range',
        'If-None-Match',
        'Origin',
        'X-Y',
      );
      const texts = fc
        .string({ minLength: 1, maxLength: 40 })
        .map((text) => encodeURI(text.replaceAll(/\p{Cs}/gu, '')));
      await fc.assert(
        fc.asyncProperty(
          fc.array(segment, { maxLength: 6 }),
          fc.dictionary(names, texts, { maxKeys: 3, noNullPrototype: true }),
          async (segments, headers) => {
            const path = `/${segments.map((one) => one.replaceAll('é', '\u00e9')).join('/')}`;
            const { status, body } = await new Promise<{ status: number; body: string }>(
              (resolve, reject) => {
                request(
                  { hostname, port, path: encodeURI(path).replaceAll('%25', '%'), headers },
                  (response) => {
                    let text = '';
                    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
                    response.on('end', () => {
                      resolve({ status: response.statusCode!, body: text });
                    });
                  },
                )
                  .on('error', reject)
                  .end();
              },
            );
            expect(status, path).to.be.oneOf([200, 400, 404]);
            expect(body).not.to.include('root:');
          },
        ),
        { numRuns: 50 },
      );
      expect((await fetch(`${address}healthz`)).status).to.equal(200);
    })).timeout(30_000);

  it('keeps answering whoever sends nonsense, or nothing', () =>
    serving(async ({ address }) => {
      const { hostname, port } = new URL(address);
      const sockets = [
        'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ',
        '\0\0\0\0',
        `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
        'GET / HTTP/9.9\r\n\r\n',
        '',
      ].map((text) => {
        const socket = connect(Number(port), hostname, () => socket.write(text));
        return socket.on('error', () => undefined);
      });
      expect((await fetch(`${address}healthz`)).status).to.equal(200);
      for (const socket of sockets) socket.destroy();
      expect((await fetch(`${address}healthz`)).status).to.equal(200);
    }));
});

describe('RunServer of special runs', () => {
  it('tells of the points that a race drops when it drops them', () =>
    serving(async ({ folder, address }) => {
      const decisive = ({ seed }: { readonly seed: number }) => seed === 2;
      const made = racedRun(({ seed }) => seed <= 2);
      const run = await writeSyntheticRun(dirname(folder), made);
      const { trials } = await readManifest(run);
      const files = trials.filter(decisive).flatMap(({ index }) => {
        const { log, result } = trialFiles(run, index);
        return [log, result];
      });
      for (const one of files) await rename(one, `${one}-aside`);
      await withRunLock(run, async () => {
        const events = eventsOf(`${address}runs/${basename(run)}/events`);
        expect((await nextOf(events)).event).to.equal('snapshot');
        for (const one of files) await rename(`${one}-aside`, one);
        const dropped = new Set<string>();
        while (dropped.size < 3) {
          const { event, data } = await nextOf(events);
          expect(event).not.to.equal('snapshot');
          const { facts = [] } = data as { facts?: readonly (readonly [number, string])[] };
          for (const [index, phase] of facts) {
            if (phase === 'dropped') dropped.add(JSON.stringify(trials[index]!.point));
          }
        }
        expect([...dropped].sort()).to.deep.equal(
          [0.4, 0.8, 1.6].map((rate) =>
            JSON.stringify({ 'variants.snn.optimizer.learningRate': rate }),
          ),
        );
        await events.return(undefined);
      });
    })).timeout(30_000);

  it('shows what a run of `lockstep variance` found, which has no verdict', () =>
    serving(async ({ folder, address }) => {
      const run = await writeSyntheticRun(dirname(folder), { seeds: [1, 2, 3], levels: 3 });
      const at = `${address}runs/${basename(run)}`;
      const page = await (await fetch(`${at}?report=wait`)).text();
      expect(page).to.match(/<h2 id="variance">/);
      expect(page).not.to.match(/beats/);
      const events = eventsOf(`${at}/events`);
      const { facts } = (await nextOf(events)).data as { facts: readonly unknown[] };
      expect(facts).to.have.length(9);
      await events.return(undefined);
    }));

  it('shows the looks of a run of `lockstep decide`, and what they made needless', () =>
    serving(async ({ folder, address }) => {
      const run = await writeSequentialRun(dirname(folder), {
        difference: (seed) => (seed <= 8 ? 0.05 + 0.001 * seed : undefined),
      });
      const at = `${address}runs/${basename(run)}`;
      const page = await (await fetch(`${at}?report=wait`)).text();
      expect(page).to.match(/<h2 id="looks">/);
      expect(page).not.to.include('Interim:');
      const events = eventsOf(`${at}/events`);
      const phases = new Map<number, string>();
      while ([...phases.values()].filter((phase) => phase === 'dropped').length < 2) {
        const { facts = [] } = (await nextOf(events)).data as {
          facts?: readonly (readonly [number, string])[];
        };
        for (const [index, phase] of facts) phases.set(index, phase);
      }
      expect([...phases.values()].filter((phase) => phase === 'completed')).to.have.length(8);
      await events.return(undefined);
    }));

  it('shows an imported run, of which nothing is live', () =>
    serving(async ({ folder, address }) => {
      const rows = seeds.flatMap((seed) => [
        `a,${seed},${seed / 10}`,
        `b,${seed},${seed / 10 + 1}`,
      ]);
      const source = join(dirname(folder), 'made.csv');
      await writeFile(source, `variant,seed,accuracy\n${rows.join('\n')}\n`);
      const { code, stderr } = await lockstep(
        dirname(folder),
        ...['import', 'made.csv', '--metric', 'accuracy', '--direction', 'higher'],
      );
      expect(code, stderr).to.equal(0);
      const { runs } = (await (await fetch(`${address}api/runs`)).json()) as {
        runs: readonly { readonly id: string }[];
      };
      const page = await (await fetch(`${address}runs/${runs[0]!.id}?report=wait`)).text();
      expect(page).to.match(/<section id="live"[^>]* hidden>/);
      expect(page).to.match(/b beats a by/);
    })).timeout(30_000);
});

describe('the JSON API', () => {
  it('is what docs/openapi.json says; npm run schema renews it', async () => {
    const published = new URL('../../../../docs/openapi.json', import.meta.url);
    const document: unknown = JSON.parse(await readFile(published, 'utf8'));
    expect(document).to.deep.equal(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('answers as its document says', () =>
    serving(async ({ folder, address }) => {
      const run = await writeSyntheticRun(dirname(folder), { seeds });
      await mkdir(join(folder, 'damaged'));
      await writeFile(join(folder, 'damaged/manifest.json'), '{');
      const document = (await (await fetch(`${address}api/openapi.json`)).json()) as {
        components: { schemas: Readonly<Record<string, object>> };
      };
      const report = (await (await fetch(`${address}api/report.schema.json`)).json()) as object;
      const schemas: Readonly<Record<string, object>> = {
        ...document.components.schemas,
        Report: report,
      };
      const check = (name: string, value: unknown) => {
        const validate = new Ajv2020({ strict: false }).compile(schemas[name]!);
        expect(validate(value), `${name}: ${JSON.stringify(validate.errors)}`).to.equal(true);
      };
      const id = basename(run);
      for (const [path, name, status = 200] of [
        ['api/runs', 'Runs'],
        [`api/runs/${id}`, 'Run'],
        ['api/runs/damaged', 'Run'],
        [`runs/${id}/report.json`, 'Report'],
        ['api/runs/none', 'Error', 404],
        ['api', 'Error', 404],
      ] as const) {
        const response = await fetch(address + path);
        expect(response.status, path).to.equal(status);
        expect(response.headers.get('content-type')).to.equal('application/json');
        check(name, await response.json());
      }
      const records = trialRecords({ steps: 4 });
      const live = await writeMadeUpRun(folder, [{ records: records.slice(0, 3) }]);
      await withRunLock(live, async () => {
        const events = eventsOf(`${address}runs/${basename(live)}/events`);
        check('Snapshot', (await nextOf(events)).data);
        await nextOf(events);
        await appendFile(join(live, 'trials/0000/log.ndjson'), `${JSON.stringify(records[3])}\n`);
        check('Progress', (await nextOf(events)).data);
        await events.return(undefined);
      });
    })).timeout(60_000);
});

describe('lockstep serve', () => {
  it('prints its address, and ends with a signal', () =>
    withTemporaryFolder(async (cwd) => {
      await mkdir(join(cwd, 'runs'));
      const running = startLockstep(cwd, 'serve', '--token', 'auto');
      await running.saw(/http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{32}\n/);
      running.child.kill('SIGTERM');
      expect((await running.finished).code).to.equal(143);
    }));

  it('refuses to be open to other machines without a token, and folders that are none', () =>
    withTemporaryFolder(async (cwd) => {
      const open = await lockstep(cwd, 'serve', '.', '--host', '0.0.0.0');
      expect(open.code).to.equal(2);
      expect(open.stderr).to.match(/--host: expected --token as well, as 0\.0\.0\.0 is open/);
      const nowhere = await lockstep(cwd, 'serve', 'nowhere');
      expect(nowhere.code).to.equal(2);
      expect(nowhere.stderr).to.match(/expected a folder of runs, got .*nowhere/);
      const short = await lockstep(cwd, 'serve', '.', '--token', 'abc');
      expect(short.stderr).to.match(/--token: expected at least 8 characters, got 3/);
    }));
});
