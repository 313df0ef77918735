/** What the tests use of the kit inside a page, besides what the page itself uses. */
import { httpAdapter } from '../../../src/adapters/index.ts';
import '../../../src/elements/campaign-inspector/define.ts';

const forTests = { httpAdapter };
Object.assign(globalThis, { kit: forTests });

declare global {
  var kit: typeof forTests;
}
