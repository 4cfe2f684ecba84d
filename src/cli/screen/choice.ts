import type { RunState } from '../../live/state.js';

/** The part of a run that the screen shows. */
export interface ScreenChoice {
  /** A place in the list of trials; undefined: follow the running one. */
  readonly trial: number | undefined;
  /** A place in the list of measures. */
  readonly measure: number;
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
export function choose(choice: ScreenChoice, key: Key, state: RunState): ScreenChoice {
  if (key.ctrl === true) return choice;
  const last = state.trials.length - 1;
  const to = (trial: number) => ({ ...choice, trial: Math.max(0, Math.min(last, trial)) });
  const at = shownTrial(choice, state);
  const measures = state.measures.length;
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
        measure: (choice.measure + (key.shift === true ? measures - 1 : 1)) % measures,
      };
    default:
      return choice;
  }
}

/** The place of the trial that is shown: the chosen one, else one that runs, else the last that has begun. */
export function shownTrial({ trial }: ScreenChoice, { trials }: RunState): number {
  if (trial !== undefined) return trial;
  const running = trials.findIndex(({ phase }) => phase === 'running' || phase === 'unfinished');
  if (running >= 0) return running;
  return Math.max(
    0,
    trials.findLastIndex(({ phase }) => phase !== 'planned'),
  );
}
