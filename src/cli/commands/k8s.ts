import { stringify } from 'yaml';
import { kubernetesManifests } from '../../app/engine-jobs.js';
import { LockstepError } from '../../protocol/index.js';
import { defineCommand } from '../command.js';
import { parsed, text, wholeNumber } from '../flags.js';
import { storePosition } from '../options.js';

export const k8s = defineCommand({
  name: 'k8s',
  describe: 'Print the Kubernetes Jobs that train what a run in a store lacks',
  positionals: { store: storePosition },
  flags: {
    image: text('Image whose entry point is lockstep, with the same version of it', {
      required: true,
    }),
    kueue: text('LocalQueue of Kueue that admits the Jobs'),
    concurrency: parsed('The most pods at the same time', wholeNumber(1)),
    namespace: text('Namespace of the Jobs (default: that of kubectl)'),
    secret: text('Secret whose keys the pods get as variables of the environment'),
    volume: parsed('Claim of a volume with the store: CLAIM:PATH, where PATH is mounted', volume),
    cpu: parsed('CPUs of a pod (default: one for each variant)', quantity),
    memory: parsed('Memory of a pod', quantity, { default: '4Gi' }),
    gpus: parsed('GPUs of a pod (nvidia.com/gpu)', wholeNumber(0, 64), { default: '0' }),
  },
  async run(values, context) {
    const jobs = await kubernetesManifests({ ...values, trialArguments: [] }, context);
    // Aliases would be valid, but hard to read.
    const documents = jobs.map((job) =>
      stringify(job, { aliasDuplicateObjects: false, lineWidth: 0 }),
    );
    context.stdout.write(documents.join('---\n'));
    if (jobs.length === 0) {
      context.stderr.write('Nothing to train: every trial has its commit.\n');
    }
    return 0;
  },
});

function volume(typed: string, name: string): { readonly claim: string; readonly path: string } {
  const [, claim, path] = /^([a-z0-9][a-z0-9.-]*):(\/.*)$/.exec(typed) ?? [];
  if (claim !== undefined && path !== undefined) return { claim, path };
  throw new LockstepError(
    'usage',
    `${name}: expected CLAIM:PATH with an absolute path, got ${typed}`,
  );
}

function quantity(typed: string, name: string): string {
  if (/^\d+(\.\d+)?(m|[kMGTP]|[KMGTP]i)?$/.test(typed)) return typed;
  throw new LockstepError(
    'usage',
    `${name}: expected a quantity of Kubernetes such as 2, 500m or 4Gi, got ${typed}`,
  );
}
