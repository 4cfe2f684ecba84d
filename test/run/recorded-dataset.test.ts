import { requireRecorded } from '../../src/run/recorded-dataset.js';
import { expect } from 'chai';
import { expectError } from '../support/expect-error.js';

const recorded = [
  { name: 'images', md5: 'a' },
  { name: 'labels', md5: 'b' },
];

describe('requireRecorded', () => {
  const file = (name: string, md5: string) => ({ name, md5, bytes: 1, holds: [] });

  it('accepts the recorded files in any order', () => {
    requireRecorded(
      { name: 'digits', files: [file('labels', 'b'), file('images', 'a')] },
      recorded,
    );
  });

  const cases: [files: ReturnType<typeof file>[], message: RegExp][] = [
    [[file('images', 'a'), file('labels', 'z')], /^labels of digits: expected MD5 b.*got MD5 z$/],
    [[file('images', 'a')], /^labels of digits: expected MD5 b.*got no such file$/],
    [
      [file('images', 'a'), file('labels', 'b'), file('more', 'c')],
      /^more of digits: expected no such file.*got MD5 c$/,
    ],
  ];
  for (const [files, message] of cases) {
    it(`refuses what matches ${String(message)}`, async () => {
      const error = await expectError('data', message, () => {
        requireRecorded({ name: 'digits', files }, recorded);
      });
      expect(error.hint).to.include('--force');
    });
  }
});
