/** A subject as a function that gets the system of the command line. */
import type { Subject } from '../../../../src/conformance/index.ts';
import { simulatedSubject } from '../../../unit/conformance/support.ts';

export default ({ system = 'flows' }: { system?: string }): Subject => simulatedSubject(system).subject;
