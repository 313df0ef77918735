import { expect } from '@open-wc/testing';
import { atRest } from '../browser.ts';
// Not an ES module: it sets a global.
import 'axe-core/axe.min.js';
import type { AxeResults, Result, run } from 'axe-core';

declare const axe: { run: typeof run };

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * The results of axe for an element, shadow roots included. They cover target sizes (off by default) and names that
 * lack the visible label. Waits for fading to end: axe can't determine the contrast of half transparent text.
 */
async function audit(element: Element): Promise<AxeResults> {
  await atRest();
  return axe.run(element, {
    runOnly: { type: 'tag', values: TAGS },
    rules: {
      'target-size': { enabled: true },
      'label-content-name-mismatch': { enabled: true },
      // A fixture is not a whole page.
      region: { enabled: false },
      'page-has-heading-one': { enabled: false },
    },
  });
}

/** Fails on every violation, and on everything that axe could not decide, except for the rules named. */
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
