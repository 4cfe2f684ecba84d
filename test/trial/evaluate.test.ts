import { expect } from 'chai';
import { firstValueFrom, map, timer, toArray } from 'rxjs';
import { evaluateSplit } from '../../src/trial/evaluate.js';
import type { VariantSession } from '../../src/variants/backend.js';
import { silentSession } from '../support/fake-session.js';

/** Predicts each position plus `offset`, and is right where that is 0. */
function session(variant: string, offset: number, loss = 0.5): VariantSession {
  return {
    ...silentSession(variant),
    evaluate: ({ indices, predict }) => {
      const predictions = Uint8Array.from(indices, (position) => position + offset);
      return timer(0).pipe(
        map(() => ({
          examples: indices.length,
          sums: { loss: indices.length * loss, correct: offset === 0 ? indices.length : 0 },
          ...(predict === true && { predictions }),
        })),
      );
    },
  };
}

const options = {
  sessions: [session('a', 0), session('b', 1)],
  metrics: ['loss', 'accuracy'],
  lookAhead: 2,
  split: 'test',
  chunks: [Int32Array.of(0, 1), Int32Array.of(2, 3), Int32Array.of(4)],
} as const;

const a = { examples: 5, scores: { loss: 0.5, accuracy: 1 }, counts: { correct: 5 } };
const b = { examples: 5, scores: { loss: 0.5, accuracy: 0 }, counts: { correct: 0 } };

describe('evaluateSplit', () => {
  it('joins the predictions of all chunks in the order of the split', async () => {
    const scored = await firstValueFrom(evaluateSplit({ ...options, predict: true }));
    expect(scored).to.deep.equal({
      a: { ...a, predictions: Uint8Array.of(0, 1, 2, 3, 4) },
      b: { ...b, predictions: Uint8Array.of(1, 2, 3, 4, 5) },
    });
  });

  it('joins the outputs of all chunks where a metric compares them, ties of scores counting half', async () => {
    // Each position is of class 1 if it is odd; the score of class 1 is its half, rounded down: 0 and 1 tie.
    const halves: VariantSession = {
      ...silentSession('halves'),
      evaluate: ({ indices, outputs }) => {
        const rows = Array.from(indices, (position) => [0, Math.floor(position / 2)]);
        return timer(5 - indices.length).pipe(
          map(() => ({
            examples: indices.length,
            sums: { loss: 1 },
            ...(outputs === true && { outputs: Float32Array.from(rows.flat()) }),
          })),
        );
      },
    };
    const scored = await firstValueFrom(
      evaluateSplit({
        ...options,
        sessions: [halves],
        metrics: ['loss', 'rocAuc'],
        targets: { kind: 'classes', values: Int32Array.of(0, 1, 0, 1, 0) },
      }),
    );
    // Position 1 ties with 0 and is below 2 and 4; position 3 is above 0, ties with 2 and is below 4.
    expect(scored.halves?.scores.rocAuc).to.equal((0.5 + 1 + 0.5) / 6);
    expect(scored.halves?.perClass?.rocAuc).to.have.length(1);
  });

  it('emits once, without predictions unless they are asked for', async () => {
    const all = await firstValueFrom(evaluateSplit(options).pipe(toArray()));
    expect(all).to.deep.equal([{ a, b }]);
  });

  it('gives a variant whose loss is not finite no accuracy and no counts', async () => {
    const sessions = [session('lost', 0, NaN)];
    const { lost } = await firstValueFrom(evaluateSplit({ ...options, sessions }));
    expect(lost).to.deep.equal({ examples: 5, scores: { loss: NaN, accuracy: NaN } });
  });
});
