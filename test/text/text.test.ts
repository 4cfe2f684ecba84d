import { expect } from 'chai';
import fc from 'fast-check';
import { paintLine } from '../../src/cli/views/lines.js';
import {
  cleanLines,
  cleanText,
  fitText,
  padEnd,
  padStart,
  textWidth,
} from '../../src/text/text.js';

describe('text', () => {
  it('cuts no text that fits and marks what is cut', () => {
    expect(fitText('ReLU', 4)).to.equal('ReLU');
    expect(fitText('ReLU', 3)).to.equal('Re…');
    expect(fitText('ReLU', 0)).to.equal('');
  });

  it('counts wide characters as two cells and never cuts one in half', () => {
    expect(textWidth('神経')).to.equal(4);
    expect(fitText('神経網', 4)).to.equal('神…');
    expect(padEnd('神', 4)).to.equal('神  ');
    expect(padStart('神', 4)).to.equal('  神');
  });

  it('never exceeds the width it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        expect(textWidth(fitText(text, width))).to.be.at.most(width);
      }),
    );
  });

  it('takes away what would steer the terminal', () => {
    expect(cleanText('a\u001b[31mred\u001b[0m\r\nb\u0007')).to.equal('ared b ');
    expect(cleanText('\u202edesrever\u2066 שלום')).to.equal('desrever שלום');
  });
});

describe('paintLine', () => {
  it('colours only what is left after cutting', () => {
    const paint = (text: string) => `<${text}>`;
    expect(
      paintLine(
        [
          { text: 'abc', paint },
          { text: 'defgh', paint },
        ],
        5,
      ),
    ).to.equal('<abc><d…>');
    expect(paintLine([{ text: 'abc', paint }, { text: 'de' }], 5)).to.equal('<abc>de');
  });

  it('is cleaned line by line of what a terminal obeys', () => {
    expect(cleanLines('a\u001b]0;title\u0007b\n\u001b[2Jc\r\n')).to.equal('ab\nc \n');
  });
});
