import type { Look } from '../run/looks.js';
import type { Manifest } from '../run/manifest.js';
import { sparedBy } from '../run/race.js';
import type { RunRace } from '../run/race.js';
import type { RunSequence } from '../run/sequence.js';
import { dropLine } from './race-text.js';
import { lookLine } from './sequence-text.js';
import { sweepPoints } from './sweep-points.js';

/** What a look tells that the ones before it did not. */
export interface LookNews {
  /** In words, for people who watch the run. */
  readonly line: string;
  /** Indices of the trials that have become needless by it. */
  readonly spared: readonly number[];
}

/** Asked as a run goes on, with its looks in order. @returns what each tells anew: drops of a race, or looks of a sequence */
export function createLookNews(manifest: Manifest): (look: Look) => LookNews[] {
  const ofRace = raceNews(manifest);
  const ofSequence = sequenceNews(manifest);
  return ({ of }) => ('race' in of ? ofRace(of.race) : ofSequence(of.sequence));
}

function raceNews(manifest: Manifest): (race: RunRace) => LookNews[] {
  const labels = sweepPoints(manifest).map(({ label }) => label);
  let told = 0;
  return (race) => {
    const drops = race.drops.slice(told);
    told = race.drops.length;
    return drops.map((drop) => ({
      line: dropLine(drop, race, labels),
      spared: sparedBy(drop, race),
    }));
  };
}

function sequenceNews({
  config: { variants, baseline },
}: Manifest): (sequence: RunSequence) => LookNews[] {
  const told = new Map<string, number>();
  const labelOf = (name: string) => variants[name]?.label ?? name;
  return ({ plan, paths, decided, spared }) => {
    const lines = paths.flatMap(({ challenger, path: { looks } }) => {
      const labels = { baseline: labelOf(baseline), challenger: labelOf(challenger) };
      const fresh = looks.slice(told.get(challenger) ?? 0);
      told.set(challenger, looks.length);
      return fresh.map((look) => lookLine(look, { plan, labels }));
    });
    // Nothing is spared before the last comparison has stopped.
    return lines.map((line, at) => ({
      line,
      spared: decided && at === lines.length - 1 ? [...spared] : [],
    }));
  };
}
