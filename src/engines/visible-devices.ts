import type { DeviceRequest } from '../protocol/index.js';

export interface DeviceSituation {
  readonly request: DeviceRequest;
  /** GPUs the engine could use. */
  readonly gpus: number;
  /** Trials that run at the same time. */
  readonly jobs: number;
  /** `CUDA_VISIBLE_DEVICES` as the user has set it. */
  readonly inherited?: string | undefined;
}

/**
 * The GPUs that a trial sees, in the form of `CUDA_VISIBLE_DEVICES`: where several trials run at once on
 * several GPUs, one each, in turn. Undefined: leave the variable as it is; the sessions of a lone trial share
 * the first GPU.
 * @param place of the trial among those that run at the same time, from 0
 */
export function visibleDevices(
  place: number,
  { request, gpus, jobs, inherited }: DeviceSituation,
): string | undefined {
  if (request === 'cpu') return '-1';
  const all =
    inherited?.split(',').filter((name) => name !== '') ??
    Array.from({ length: gpus }, (_, index) => String(index));
  return gpus > 0 && jobs > 1 && all.length > 1 ? all[place % all.length] : undefined;
}
