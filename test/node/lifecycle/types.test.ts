/** What the compiler checks. These tests fail at `tsc`; at run time they only show that the values exist. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defineLifecycle,
  flows,
  python,
  type ActionOf,
  type Lifecycle,
  type PrerequisiteOf,
  type StatusOf,
} from '../../../src/lifecycle/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function proves<_T extends true>(): void {}

test('words are inferred from the table', () => {
  proves<Equal<StatusOf<typeof flows>, 'inactive' | 'active' | 'error'>>();
  proves<Equal<ActionOf<typeof flows>, 'start' | 'stop'>>();
  proves<Equal<PrerequisiteOf<typeof flows>, 'active-flow'>>();
  proves<Equal<StatusOf<typeof python>, 'created' | 'configured' | 'running' | 'error'>>();
  proves<Equal<ActionOf<typeof python>, 'start' | 'stop' | 'force-stop'>>();
  proves<Equal<PrerequisiteOf<typeof python>, 'contacts' | 'strategy'>>();
  proves<Equal<StatusOf<string>, never>>();
  const status: StatusOf<typeof flows> = 'active';
  assert.ok(flows.statuses[status]);
});

test('any lifecycle is a Lifecycle', () => {
  const narrow = defineLifecycle({
    system: 's',
    label: 'S',
    initial: 'a',
    statuses: { a: { label: 'A', tone: 'gray', icon: 'check', meaning: 'A.' } },
    actions: {},
  });
  proves<Equal<StatusOf<typeof narrow>, 'a'>>();
  proves<Equal<PrerequisiteOf<typeof narrow>, never>>();
  const one: Lifecycle<'a', never, never> = narrow;
  const all: readonly Lifecycle[] = [one, flows, python];
  assert.equal(all.length, 3);
});

test('a plain table is not a Lifecycle', () => {
  // @ts-expect-error it was not checked
  const unchecked: Lifecycle = { system: 's', label: 'S', initial: 'a', statuses: {}, actions: {} };
  assert.ok(unchecked);
});

test('a name without a definition does not compile', () => {
  const status = { label: 'A', tone: 'gray', icon: 'check', meaning: 'A.' } as const;
  const head = { system: 's', label: 'S' } as const;
  assert.throws(() =>
    // @ts-expect-error no such initial status
    defineLifecycle({ ...head, initial: 'b', statuses: { a: status }, actions: {} }),
  );
  assert.throws(() =>
    defineLifecycle({
      ...head,
      initial: 'a',
      // @ts-expect-error no such action
      statuses: { a: { ...status, action: 'go' } },
      actions: {},
    }),
  );
  assert.throws(() =>
    defineLifecycle({
      ...head,
      initial: 'a',
      statuses: { a: status },
      // @ts-expect-error no such status
      actions: { go: { label: 'Go', pending: 'Going', from: { a: 'b' } } },
    }),
  );
  assert.throws(() =>
    defineLifecycle({
      ...head,
      initial: 'a',
      // @ts-expect-error no such prerequisite
      statuses: { a: { ...status, needs: ['x'] } },
      actions: {},
    }),
  );
  assert.throws(() =>
    defineLifecycle({
      ...head,
      initial: 'a',
      // @ts-expect-error no such tone
      statuses: { a: { ...status, tone: 'pink' } },
      actions: {},
    }),
  );
  assert.throws(() =>
    // @ts-expect-error no such status in the recovery
    defineLifecycle({ ...head, initial: 'a', statuses: { a: status }, actions: {}, recovery: { b: [] } }),
  );
});
