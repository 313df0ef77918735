/** A subject as a function: what the command line asks for comes in. */
import type { Subject } from '../../../../src/conformance/index.ts';
import { simulatedSubject } from '../support.ts';

export default ({ system = 'flows' }: { system?: string }): Subject => simulatedSubject(system).subject;
