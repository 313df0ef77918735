/** Words are inferred from the table, and a name without a definition is an error at its place. `tsc` proves it; nothing here runs. */
import {
  defineLifecycle,
  flows,
  python,
  type ActionOf,
  type Lifecycle,
  type PrerequisiteOf,
  type StatusOf,
} from '../../../src/lifecycle/index.ts';
import { broadcasts } from '../../support/broadcasts.ts';
import { jobs, printRuns, switches, tasks, workflows } from '../../support/lifecycles/index.ts';
import { proves, type Equal } from '../../support/proves.ts';

proves<Equal<StatusOf<typeof flows>, 'inactive' | 'active' | 'error'>>();
proves<Equal<ActionOf<typeof flows>, 'start' | 'stop'>>();
proves<Equal<PrerequisiteOf<typeof flows>, 'active-flow'>>();
proves<Equal<StatusOf<typeof python>, 'created' | 'configured' | 'running' | 'error'>>();
proves<Equal<ActionOf<typeof python>, 'start' | 'stop' | 'force-stop'>>();
proves<Equal<PrerequisiteOf<typeof python>, 'contacts' | 'strategy'>>();
proves<
  Equal<
    StatusOf<typeof workflows>,
    'running' | 'paused' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out' | 'continued-as-new'
  >
>();
proves<Equal<ActionOf<typeof workflows>, 'cancel' | 'terminate' | 'pause' | 'resume' | 'reset'>>();
proves<Equal<ActionOf<typeof tasks>, 'clear' | 'mark-success' | 'mark-failed'>>();
proves<Equal<StatusOf<typeof switches>, 'on' | 'off'>>();
proves<Equal<ActionOf<typeof jobs>, 'start' | 'stop' | 'restart'>>();
proves<Equal<StatusOf<typeof printRuns>, '1' | '2' | '10' | '99'>>();
proves<Equal<StatusOf<string>, never>>();

const a = { label: 'A', tone: 'gray', icon: 'check', meaning: 'A.' } as const;
const b = { label: 'B', tone: 'gray', icon: 'cross', meaning: 'B.' } as const;
const head = { system: 's', label: 'S', initial: 'a' } as const;
const go = { label: 'Go', pending: 'Going', from: { a: 'b' } } as const;
const question = { title: 'Go?', text: 'It goes.', label: 'Go' };

const narrow = defineLifecycle({ ...head, statuses: { a }, actions: {} });
proves<Equal<StatusOf<typeof narrow>, 'a'>>();
proves<Equal<PrerequisiteOf<typeof narrow>, never>>();
const one: Lifecycle<'a', never, never> = narrow;
export const all: readonly Lifecycle[] = [one, flows, python, broadcasts, jobs, printRuns, switches, tasks, workflows];

// @ts-expect-error a plain table was not checked
export const unchecked: Lifecycle = { system: 's', label: 'S', initial: 'a', statuses: {}, actions: {} };

// @ts-expect-error no such initial status
defineLifecycle({ ...head, initial: 'c', statuses: { a }, actions: {} });
// @ts-expect-error no such action
defineLifecycle({ ...head, statuses: { a: { ...a, action: 'stay' } }, actions: {} });
// @ts-expect-error no such action in the list
defineLifecycle({ ...head, statuses: { a: { ...a, actions: ['go', 'stay'] }, b }, actions: { go } });
// @ts-expect-error no such prerequisite
defineLifecycle({ ...head, statuses: { a: { ...a, needs: ['x'] } }, actions: {} });
// @ts-expect-error no such tone
defineLifecycle({ ...head, statuses: { a: { ...a, tone: 'pink' } }, actions: {} });
// @ts-expect-error no such built-in icon
defineLifecycle({ ...head, statuses: { a: { ...a, icon: 'star' }, b }, actions: { go } });
// @ts-expect-error no such status to move to
defineLifecycle({ ...head, statuses: { a: { ...a, moves: ['c'] }, b }, actions: { go } });
// @ts-expect-error no such status to land in
defineLifecycle({ ...head, statuses: { a, b }, actions: { go: { ...go, from: { a: 'c' } } } });
// @ts-expect-error no such status among the landings
defineLifecycle({ ...head, statuses: { a, b }, actions: { go: { ...go, from: { a: ['b', 'c'] } } } });
// @ts-expect-error no such status to confirm in
defineLifecycle({ ...head, statuses: { a, b }, actions: { go: { ...go, confirm: { c: question } } } });
// @ts-expect-error no such status in the order
defineLifecycle({ ...head, order: ['a', 'b', 'c'], statuses: { a, b }, actions: { go } });
// @ts-expect-error no such status in the recovery
defineLifecycle({ ...head, statuses: { a }, actions: {}, recovery: { b: [] } });
