import { LockstepError } from '../protocol/index.js';
import type { Batch } from './run-store.js';

/** What a Job needs to know; the rest follows from what a trial is. */
export interface KubernetesJobs {
  readonly runId: string;
  /** The run's store, as the pods reach it. */
  readonly store: string;
  readonly batches: readonly Batch[];
  /** An image whose entry point is `lockstep`. */
  readonly image: string;
  /** The most pods at a time, of all jobs together; undefined: all trials. */
  readonly concurrency: number | undefined;
  readonly namespace: string | undefined;
  /** The LocalQueue of Kueue that admits the jobs. */
  readonly kueue: string | undefined;
  /** A Secret whose keys become variables of the environment. */
  readonly secret: string | undefined;
  /** A claim of a volume that has the store's folder, and where it is mounted. */
  readonly volume: { readonly claim: string; readonly path: string } | undefined;
  /** Quantities that a pod asks for, and gets at most. */
  readonly cpu: string;
  readonly memory: string;
  readonly gpus: number;
  /** Further arguments of `lockstep trial`. */
  readonly trialArguments: readonly string[];
}

/** Exit codes of `lockstep trial` after which another try would fail again. */
const lastingFailures = [1, 2, 3, 6];
/** How often the trial of an index is tried: machines are lost, and pods evicted. */
const triesPerIndex = 10;
/** Seconds between SIGTERM and SIGKILL: to finish a step, save and put the checkpoint into the store. */
const grace = 120;
/** The longest name of a pod's host, `<job>-<index>`. */
const longestHost = 63;
const scratch = '/scratch';
/** The user of the image. */
const user = 1000;

/**
 * One Indexed Job for each batch: its index is the position of the trial. A pod is never started again in place
 * (`restartPolicy: Never`), only replaced once it has ended (`podReplacementPolicy: Failed`), so that a trial is rarely
 * trained twice at once. Disruptions (drained nodes, preemption) count as no failure, lasting failures end the index.
 * @throws LockstepError `usage` where a Job would get no pod
 */
export function kubernetesJobs(options: KubernetesJobs): unknown[] {
  const { concurrency, batches } = options;
  if (concurrency !== undefined && concurrency < batches.length) {
    throw new LockstepError(
      'usage',
      `--concurrency: expected at least ${batches.length}, one pod for each of the run's Jobs of at most 1000 trials, got ${concurrency}`,
    );
  }
  return options.batches.map((batch) => job(options, batch));
}

function job(options: KubernetesJobs, { number, trials }: Batch): unknown {
  const { runId, namespace, kueue, concurrency, batches } = options;
  const parallelism = Math.floor((concurrency ?? Infinity) / batches.length);
  const labels = {
    'app.kubernetes.io/name': 'lockstep',
    'app.kubernetes.io/instance': labelOf(runId),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(runId, number, trials),
      ...(namespace !== undefined && { namespace }),
      labels: { ...labels, ...(kueue !== undefined && { 'kueue.x-k8s.io/queue-name': kueue }) },
    },
    spec: {
      // Kueue resumes it when there is room.
      ...(kueue !== undefined && { suspend: true }),
      completionMode: 'Indexed',
      completions: trials,
      parallelism: Math.min(trials, parallelism),
      backoffLimitPerIndex: triesPerIndex,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          {
            action: 'Ignore',
            onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
          },
          {
            action: 'FailIndex',
            onExitCodes: { containerName: 'trial', operator: 'In', values: lastingFailures },
          },
        ],
      },
      template: { metadata: { labels }, spec: pod(options, number) },
    },
  };
}

function pod(options: KubernetesJobs, batch: number): unknown {
  const { image, store, secret, volume, cpu, memory, gpus, trialArguments } = options;
  const resources = { cpu, memory, ...(gpus > 0 && { 'nvidia.com/gpu': gpus }) };
  return {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: grace,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'trial',
        image,
        args: [
          ...['trial', literal(store), '$(JOB_COMPLETION_INDEX)', '--batch', String(batch)],
          ...['--scratch', scratch, ...trialArguments.map(literal)],
        ],
        ...(secret !== undefined && { envFrom: [{ secretRef: { name: secret } }] }),
        resources: { requests: resources, limits: resources },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'scratch', mountPath: scratch },
          ...(volume === undefined ? [] : [{ name: 'store', mountPath: volume.path }]),
        ],
      },
    ],
    volumes: [
      { name: 'scratch', emptyDir: {} },
      ...(volume === undefined
        ? []
        : [{ name: 'store', persistentVolumeClaim: { claimName: volume.claim } }]),
    ],
  };
}

/** Kubernetes puts variables of the environment into arguments, as it does on purpose with the index. */
function literal(argument: string): string {
  return argument.replaceAll('$', '$$$$');
}

/** A DNS label, short enough for `<name>-<index>`. */
function jobName(runId: string, batch: number, trials: number): string {
  const end = `-${batch}`;
  const room = longestHost - end.length - `-${trials - 1}`.length;
  const safe = `lockstep-${runId}`.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
  // The end of a run's identifier distinguishes it from others of its name.
  const kept = safe.length <= room ? safe : `lockstep-${safe.slice(-(room - 9))}`;
  return kept.replaceAll(/-+/g, '-').replace(/-$/, '') + end;
}

/** At most 63 of letters, digits, `-`, `_` and `.`, which begins and ends with a letter or a digit. */
function labelOf(runId: string): string {
  const safe = runId.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(-63);
  return safe.replace(/^[^A-Za-z0-9]+/, '').replace(/[^A-Za-z0-9]+$/, '');
}
