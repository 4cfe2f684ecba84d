import { expect } from 'chai';
import { renderVerification } from '../../src/cli/render-verification.js';
import { jsonText } from '../../src/files/write-atomic.js';

const hostile = 'a\u001b]0;title\u0007b\u009b2Jc';

describe('what a terminal is given of a hostile run', () => {
  it('has no escapes in what verify prints', () => {
    const text = renderVerification({
      schemaVersion: 1,
      runId: hostile,
      verified: false,
      trials: [],
      checked: {},
      notes: [hostile],
      differing: 1,
      differences: [{ file: hostile, what: hostile, expected: hostile, got: hostile }],
    });
    // eslint-disable-next-line no-control-regex -- nothing but line ends is left of them
    expect(text).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).to.include('differs: ');
  });

  it('has no escapes in JSON documents, which are read as the same text', () => {
    const text = jsonText({ label: hostile });
    // eslint-disable-next-line no-control-regex -- see above
    expect(text).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(JSON.parse(text)).to.deep.equal({ label: hostile });
  });
});
