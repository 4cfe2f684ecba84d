import { formatLevel, formatMargin } from '../../statistics/format-effect.js';
import { sentenceCase } from '../../text/text.js';
import { verdictFacts } from '../verdict-facts.js';
import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { typographic } from './table.js';

const words = {
  better: 'Better',
  worse: 'Worse',
  equivalent: 'Equivalent',
  inconclusive: 'Inconclusive',
  mixed: 'Mixed',
  none: 'Decomposition of variance',
};

/** At most this many comparisons have their sentences in the verdict; the table has the others. */
const mostSentences = 4;

/** The answer first: one word, one sentence, and the numbers it rests on. */
export function verdictSection({ report }: PageContext): Markup {
  const { headline, decision, comparisons } = report;
  const [main, ...qualifications] = typographic(headline.sentence).replace(/\.$/, '').split('; ');
  const single = comparisons.length === 1 ? comparisons[0] : undefined;
  const rule = report.variance
    ? `By ${decision.metric}, with intervals at alpha ${decision.alpha}.`
    : `Decided by ${decision.metric} at alpha ${decision.alpha}${
        decision.margin > 0
          ? `, margin ${formatMargin(decision.margin, decision.metric)}`
          : ', no margin'
      }${decision.metric === decision.registered ? ', fixed before the run' : `. Exploratory: the metric fixed before the run is ${decision.registered}`}.`;
  return markup`<section aria-labelledby="verdict" class="${headline.decision}">
    <div class="card verdict">
      <h2 id="verdict" class="word">
        ${words[headline.decision]}${headline.provisional ? ', provisional' : ''}${decision.exploratory ? ', exploratory' : ''}
      </h2>
      <p class="sentence">${main}.</p>
      ${qualifications.length > 0 ? markup`<p class="more">${sentenceCase(qualifications.join('; '))}.</p>` : ''}
      ${
        comparisons.length > 1 && comparisons.length <= mostSentences
          ? markup`<ul>${comparisons.map(({ verdict }) => markup`<li>${typographic(verdict.sentence)}</li>`)}</ul>`
          : ''
      }
      <p class="more">${rule}</p>
      ${report.notes.map((note) => markup`<p class="note"><strong>Note:</strong> ${note}.</p>`)}
      ${
        headline.provisional
          ? markup`<p class="note">
              <strong>${comparisons.some(({ sequential }) => sequential?.interim) ? 'Interim' : 'Provisional'}:</strong> planned pairs are missing, and a look before the plan is
              complete is not covered by alpha ${decision.alpha} (${formatLevel(1 - decision.alpha)}
              intervals).
            </p>`
          : ''
      }
    </div>
    ${
      single
        ? markup`<dl class="facts">
            ${verdictFacts(single).map(
              ({ name, value, detail }) =>
                markup`<div>
                  <dt>${name}</dt>
                  <dd class="value">${typographic(value)}</dd>
                  <dd class="detail">${typographic(detail)}</dd>
                </div>`,
            )}
          </dl>`
        : ''
    }
  </section> `;
}
