import { shellQuote } from '../text/shell.js';

export interface SlurmScript {
  /** Of the run; names the job. */
  readonly runId: string;
  /** The run's store, as every machine reaches it. */
  readonly store: string;
  /** Starts Lockstep on the machines: a program and its first arguments. */
  readonly lockstep: readonly string[];
  /** Further arguments of `lockstep trial`. */
  readonly trialArguments: readonly string[];
  /** Threads of a trial: one for each variant. */
  readonly threads: number;
  /** The folder that the logs of the jobs go to, absolute. */
  readonly logs: string;
}

/** Seconds before its time limit at which Slurm signals a job; it can be a minute early. */
const notice = 120;
/** How often a trial is started within one job while its process gets lost, and seconds before the second time. */
const tries = 3;
const pause = 5;

/**
 * The batch script of an array job: task i runs the trial at position OFFSET + i of BATCH, its two arguments.
 *
 * - At the time limit Slurm signals the shell, which asks the trial to stop (it saves a checkpoint) and requeues the
 *   task. `USR2`: Node.js opens its inspector at USR1.
 * - Preempted, requeued by hand or cancelled, all processes get SIGTERM from Slurm, which decides itself whether the
 *   task runs again.
 * - Lost processes (5, or killed) are started again here; what would fail again (1, 2, 3, 6) fails the task.
 */
export function slurmScript(options: SlurmScript): string {
  const { runId, store, lockstep, trialArguments, threads, logs } = options;
  const command = [...lockstep, 'trial', store].map(shellQuote).join(' ');
  const extra = trialArguments.map((argument) => ` ${shellQuote(argument)}`).join('');
  return `#!/bin/bash
#SBATCH --job-name=${slurmName(runId)}
#SBATCH --output="${escapePattern(logs)}/%A_%a.log"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --export=NONE
#SBATCH --signal=B:USR2@${notice}
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=${threads}

# Trials of a Lockstep run in a store. Arguments: the batch, and what is added to a task's index.
batch=$1
position=$((SLURM_ARRAY_TASK_ID + $2))
stopping=
trap 'stopping=requeue; kill -TERM "$trial" 2>/dev/null' USR2
trap 'stopping=end; kill -TERM "$trial" 2>/dev/null' TERM

for try in ${Array.from({ length: tries }, (_, index) => index + 1).join(' ')}; do
  ${command} "$position" --batch "$batch"${extra} &
  trial=$!
  wait "$trial"
  code=$?
  # A signal ends the waiting before the trial has saved.
  while kill -0 "$trial" 2>/dev/null; do
    wait "$trial"
    code=$?
  done
  [ -z "$stopping" ] || break
  # Lost, killed, or asked to stop by somebody else: it goes on from its last checkpoint.
  case $code in
    5 | 75 | 129 | 13? | 14?) sleep $((${pause} * try * try)) & wait $! ;;
    *) break ;;
  esac
  [ -z "$stopping" ] || break
done

if [ "$stopping" = requeue ] && [ "$code" -ne 0 ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
`;
}

/** Without what Slurm gives a meaning to. */
function slurmName(runId: string): string {
  return `lockstep-${runId}`.replaceAll(/[^A-Za-z0-9._-]/g, '-');
}

/** Inside of quotes, in which spaces may stand; `%` begins a placeholder. */
function escapePattern(path: string): string {
  return path.replaceAll('%', '%%').replaceAll(/["\\]/g, '\\$&');
}
