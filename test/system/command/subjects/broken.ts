/** A subject exported by its members. Its adapter answers `get` from a cache. */
import { sabotages } from '../../../unit/conformance/sabotaged/index.ts';
import { simulatedSubject } from '../../../unit/conformance/support.ts';

export const { system, createAdapter, control, timeouts } = simulatedSubject(
  'flows',
  sabotages.get('get-fresh'),
).subject;
