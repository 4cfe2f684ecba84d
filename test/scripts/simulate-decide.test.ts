import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const script = fileURLToPath(new URL('../../scripts/simulate-decide.js', import.meta.url));

interface Row {
  cap: number;
  effect: number;
  decided: number;
  pairs: number;
  covered: number;
}

describe('scripts/simulate-decide', function () {
  this.timeout(60_000);

  it('errs, decides and covers as the simulation of the design did', () => {
    const args = [script, '--samples', '600', '--caps', '10,20', '--json'];
    const { rows } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as {
      rows: Row[];
    };
    const at = (cap: number, effect: number) =>
      rows.find((row) => row.cap === cap && row.effect === effect)!;
    // Four standard errors of a share near 0.04 of 600 samples.
    for (const cap of [10, 20]) {
      expect(at(cap, 0).decided).to.be.closeTo(0.04, 0.032);
      expect(at(cap, 0).covered).to.be.greaterThan(0.92);
      expect(at(cap, 1).covered).to.be.greaterThan(0.92);
    }
    expect(at(20, 1).decided).to.be.closeTo(0.96, 0.032);
    expect(at(20, 1).pairs).to.be.closeTo(11.4, 0.6);
  });
});
