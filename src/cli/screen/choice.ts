import type { ScreenState } from '../../live/screen-state.js';

/** What of a run the screen shows. */
export interface ScreenChoice {
  /** A place in the list of trials; undefined: follow the one that runs. */
  readonly trial: number | undefined;
  /** A place in the list of metrics. */
  readonly metric: number;
}

/** A key as Node's `readline` names it. */
export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly shift?: boolean | undefined;
  readonly sequence?: string | undefined;
}

const page = 10;

/** Whether a key leaves the screen. */
export function isLeaving({ name, ctrl }: Key): boolean {
  return name === 'q' || name === 'escape' || (ctrl === true && (name === 'c' || name === 'd'));
}

/** The choice after a key; the same one where the key means nothing. */
export function choose(choice: ScreenChoice, key: Key, state: ScreenState): ScreenChoice {
  if (key.ctrl === true) return choice;
  const last = state.trials.length - 1;
  const to = (trial: number) => ({ ...choice, trial: Math.max(0, Math.min(last, trial)) });
  const at = shownTrial(choice, state);
  const metrics = state.metrics.length;
  switch (key.name ?? '') {
    case 'up':
    case 'k':
      return to(at - 1);
    case 'down':
    case 'j':
      return to(at + 1);
    case 'pageup':
      return to(at - page);
    case 'pagedown':
      return to(at + page);
    case 'home':
      return to(0);
    case 'end':
      return to(last);
    case 'g':
      return to(key.shift === true ? last : 0);
    case 'f':
      return { ...choice, trial: undefined };
    case 'tab':
    case 'm':
      return {
        ...choice,
        metric: (choice.metric + (key.shift === true ? metrics - 1 : 1)) % metrics,
      };
    default:
      return choice;
  }
}

/** The place of the trial that is shown: the chosen one, else one that runs, else the last that has begun. */
export function shownTrial({ trial }: ScreenChoice, { trials }: ScreenState): number {
  if (trial !== undefined) return trial;
  const running = trials.findIndex(({ state }) => state === 'running' || state === 'unfinished');
  if (running >= 0) return running;
  return Math.max(
    0,
    trials.findLastIndex(({ state }) => state !== 'planned'),
  );
}
