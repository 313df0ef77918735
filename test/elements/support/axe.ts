import { expect } from '@open-wc/testing';
import { atRest } from '../../setup/browser.ts';
// No ES module: it sets a global.
import 'axe-core/axe.min.js';
import type { AxeResults, Result, run } from 'axe-core';

declare const axe: { run: typeof run };

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What axe has to say about an element, shadow roots included. Target sizes are looked at too (that rule is off by default), and
 * names that do not hold the visible label. Not before all has faded in: half transparent, a text has no contrast to speak of.
 */
export async function audit(element: Element): Promise<AxeResults> {
  await atRest();
  return axe.run(element, {
    runOnly: { type: 'tag', values: TAGS },
    rules: {
      'target-size': { enabled: true },
      'label-content-name-mismatch': { enabled: true },
      // A fixture is no page.
      region: { enabled: false },
      'page-has-heading-one': { enabled: false },
    },
  });
}

/** Fails on every violation, and on everything that axe could not decide, but for the rules named. */
export async function expectAccessible(
  element: Element,
  { undecided = [] }: { undecided?: readonly string[] } = {},
): Promise<void> {
  const { violations, incomplete } = await audit(element);
  const lines = (results: readonly Result[]): string[] =>
    results.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map(({ html }) => html).join('\n    ')}`);
  expect(lines(violations), 'violations').to.deep.equal([]);
  expect(lines(incomplete.filter(({ id }) => !undecided.includes(id))), 'undecided').to.deep.equal([]);
}
