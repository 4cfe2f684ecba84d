import { expect } from 'chai';
import { joinDashedValues } from '../../src/cli/dashed-values.js';

describe('joinDashedValues', () => {
  it('joins conditions that begin with a minus to their flag, and nothing else', () => {
    const argv = ['tail', '-n', '5', '--where', '-0.1<step', '--where', '-step<1', '--json'];
    expect(joinDashedValues(argv)).to.deep.equal([
      ...['tail', '-n', '5', '--where=-0.1<step', '--where=-step<1', '--json'],
    ]);
    for (const others of [
      ['--where', 'step>1'],
      ['--where', '--json'],
      ['--where'],
      ['-n', '-5'],
    ]) {
      expect(joinDashedValues(others)).to.deep.equal(others);
    }
  });
});
