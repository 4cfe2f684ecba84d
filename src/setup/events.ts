/** The stages of setup, in order; each is announced and may report progress. */
export const setupStages = ['check', 'download', 'unpack', 'build', 'install', 'prove'] as const;
export type SetupStage = (typeof setupStages)[number];

export type SetupEvent =
  | { readonly kind: 'stage'; readonly stage: SetupStage; readonly text: string }
  /** `done` of `total` bytes or items of the current stage. */
  | {
      readonly kind: 'progress';
      readonly stage: SetupStage;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'note'; readonly text: string };

export type ReportSetup = (event: SetupEvent) => void;
