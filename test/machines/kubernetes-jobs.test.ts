import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { kubernetesJobs } from '../../src/machines/kubernetes-jobs.js';
import type { KubernetesJobs } from '../../src/machines/kubernetes-jobs.js';
import { lockstep } from '../support/lockstep.js';
import { requirePython } from '../support/python.js';
import { storedRun } from '../support/stored-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

// Goldens are not compiled. The API server's own validation passes both (scripts/kubernetes).
const golden = (name: string) =>
  fileURLToPath(new URL(`../../../test/machines/${name}.golden.yaml`, import.meta.url));

const options: KubernetesJobs = {
  runId: 'sweep-dropout-20261127T064048Z-7f4bf5',
  store: 's3://results/lockstep/sweep-dropout-20261127T064048Z-7f4bf5',
  batches: [
    { number: 1, trials: 1000 },
    { number: 2, trials: 200 },
  ],
  image: 'registry.example/lockstep:0.2.0',
  ...{ concurrency: 50, namespace: 'lab', kueue: 'team', secret: 'lockstep', volume: undefined },
  ...{ cpu: '2', memory: '4Gi', gpus: 1, trialArguments: [] },
};
const folder: KubernetesJobs = {
  ...options,
  ...{ runId: 'debug-20261127T071307Z-4e965f', store: '/shared/debug-20261127T071307Z-4e965f' },
  batches: [{ number: 1, trials: 3 }],
  ...{ concurrency: undefined, namespace: undefined, kueue: undefined, secret: undefined },
  ...{ volume: { claim: 'results', path: '/shared' }, gpus: 0 },
};

interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly parallelism: number;
    readonly template: { readonly spec: { readonly containers: { readonly args: string[] }[] } };
  };
}
const jobs = (changes: Partial<KubernetesJobs>) =>
  kubernetesJobs({ ...options, ...changes }) as Job[];

describe('kubernetesJobs', function () {
  this.timeout(60_000);

  it('makes the Jobs that are known to be valid', () => {
    for (const [name, made] of [
      ['s3', options],
      ['folder', folder],
    ] as const) {
      const text = readFileSync(golden(name), 'utf8');
      const known = parseAllDocuments(text).map((document) => document.toJS() as unknown);
      expect(kubernetesJobs(made)).to.deep.equal(known);
    }
  });

  it('makes Jobs that fit the schemas of Kubernetes', function () {
    const python = requirePython(this, 'kubernetes_validate');
    for (const name of ['s3', 'folder']) {
      const flags = ['-m', 'kubernetes_validate', '--strict', golden(name)];
      const { status, stdout, stderr } = spawnSync(python, flags, { encoding: 'utf8' });
      expect(status, stdout + stderr).to.equal(0);
    }
  });

  it('names Jobs so that a pod of each index has a name', () => {
    const [first, second] = jobs({ runId: `${'Long_name.'.repeat(12)}-20261127T064048Z-7f4bf5` });
    for (const { metadata } of [first!, second!]) {
      expect(`${metadata.name}-999`).to.match(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])$/);
      expect(metadata.name).to.include('20261127t064048z-7f4bf5');
    }
    expect(first!.metadata.name).to.not.equal(second!.metadata.name);
  });

  it('keeps all Jobs together at the most pods, and refuses fewer than Jobs', () => {
    expect(jobs({ concurrency: 7 }).map(({ spec }) => spec.parallelism)).to.deep.equal([3, 3]);
    expect(() => jobs({ concurrency: 1 })).to.throw(/--concurrency: expected at least 2/);
  });

  it('lets Kubernetes put nothing but the index into arguments', () => {
    const [job] = jobs({ store: '/shared/$(HOME)' });
    const { args } = job!.spec.template.spec.containers[0]!;
    expect(args).to.include('/shared/$$(HOME)').and.include('$(JOB_COMPLETION_INDEX)');
  });
});

describe('lockstep k8s', function () {
  this.timeout(60_000);

  it('prints the Jobs of what a run in a store lacks, and refuses a store that pods cannot reach', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, { seeds: '1..3' });
      const flags = ['--image', 'lockstep:1', '--volume', `claim:${cwd}`];
      const printed = await lockstep(cwd, 'k8s', store, ...flags);
      expect(printed.code, printed.stderr).to.equal(0);
      const job = parse(printed.stdout) as { spec: { completions: number } };
      expect(job.spec.completions).to.equal(3);

      const unreachable = await lockstep(cwd, 'k8s', store, '--image', 'lockstep:1');
      expect(unreachable.code).to.equal(2);
      expect(unreachable.stderr).to.match(
        /--volume: expected a volume that has the store's folder/,
      );
      const odd = await lockstep(cwd, 'k8s', store, ...flags, '--memory', '4 GB');
      expect(odd.stderr).to.match(/--memory: expected a quantity of Kubernetes .* got 4 GB/);

      for (const trial of ['0000', '0002']) {
        await mkdir(join(store, 'trials', trial), { recursive: true });
        await writeFile(join(store, 'trials', trial, 'commit.json'), '{}');
      }
      const rest = await lockstep(cwd, 'k8s', store, ...flags);
      expect(rest.stdout).to.include('completions: 1').and.include('"2"');
      expect(JSON.parse(await readFile(join(store, 'batches/2.json'), 'utf8'))).to.deep.equal({
        schemaVersion: 1,
        trials: [1],
      });
    });
  });
});
