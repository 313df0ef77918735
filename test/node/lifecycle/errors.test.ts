/** A wrong table is refused where it is written: the message names the place, what is wrong there, and how to mend it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineLifecycle, flows, LifecycleError, python } from '../../../src/lifecycle/index.ts';

/** A correct table, loosely typed so that tests can break it. */
function table(): Table {
  return {
    system: 'reviews',
    label: 'Reviews',
    initial: 'open',
    statuses: {
      open: { label: 'Open', tone: 'amber', icon: 'square', meaning: 'Waits.', action: 'close', needs: ['reader'] },
      closed: { label: 'Closed', tone: 'gray', icon: 'check', meaning: 'Done.' },
    },
    actions: { close: { label: 'Close', pending: 'Closing', from: { open: 'closed' } } },
    prerequisites: { reader: { label: 'a reader', missing: 'Name a reader.' } },
    recovery: { open: [{ id: 'read', text: 'Read it.' }] },
  };
}

type Words = Record<string, unknown>;
interface Table extends Words {
  statuses: Record<string, Words>;
  actions: Record<string, Words>;
  prerequisites: Record<string, Words>;
  recovery: Record<string, Words[]>;
}

function refused(path: string, problem: string, breaks: (table: Table) => void): void {
  test(`${path}: ${problem}`, () => {
    const broken = table();
    breaks(broken);
    assert.throws(
      () => defineLifecycle(broken as unknown as Parameters<typeof defineLifecycle>[0]),
      (error) => {
        assert.ok(error instanceof LifecycleError);
        assert.equal(error.name, 'LifecycleError');
        assert.equal(error.path, path);
        assert.equal(error.message, `${path}: ${problem}`);
        return true;
      },
    );
  });
}

test('the table that the others break is correct', () => {
  defineLifecycle(table() as unknown as Parameters<typeof defineLifecycle>[0]);
});

describe('names and labels', () => {
  refused('lifecycle.system', 'is empty; name the system as it is called on the wire', (t) => (t['system'] = ''));
  refused('lifecycle.system', 'is empty; name the system as it is called on the wire', (t) => delete t['system']);
  refused('reviews.label', 'is empty; give it a text', (t) => (t['label'] = '  '));
  refused('reviews.statuses', 'is empty; give at least the initial status', (t) => (t.statuses = {}));
  refused('reviews.statuses.open.label', 'is empty; give it a text', (t) => (t.statuses['open']!['label'] = ''));
  refused('reviews.statuses.open.meaning', 'is empty; give it a text', (t) => delete t.statuses['open']!['meaning']);
  refused('reviews.actions.close.label', 'is empty; give it a text', (t) => (t.actions['close']!['label'] = ''));
  refused('reviews.actions.close.pending', 'is empty; give it a text', (t) => delete t.actions['close']!['pending']);
  refused(
    'reviews.prerequisites.reader.label',
    'is empty; give it a text',
    (t) => delete t.prerequisites['reader']!['label'],
  );
  refused(
    'reviews.prerequisites.reader.missing',
    'is empty; give it a text',
    (t) => (t.prerequisites['reader']!['missing'] = ''),
  );
  for (const word of ['title', 'text', 'label'])
    refused(`reviews.actions.close.confirm.${word}`, 'is empty; give it a text', (t) => {
      t.actions['close']!['confirm'] = { title: 'Close?', text: 'It ends.', label: 'Close', [word]: '' };
    });
});

describe('tones and icons', () => {
  refused(
    'reviews.statuses.open.tone',
    'got "pink"; use one of: gray, blue, green, amber, orange, red',
    (t) => (t.statuses['open']!['tone'] = 'pink'),
  );
  refused(
    'reviews.statuses.open.icon',
    'got "star"; use one of: square, play-ring, play, dashed-ring, diamond, octagon-bang, octagon-cross, check, clock, cross',
    (t) => (t.statuses['open']!['icon'] = 'star'),
  );
  refused(
    'reviews.statuses.closed.icon',
    '"square" is already the icon of "open"; colour alone must not tell two statuses apart, take another',
    (t) => (t.statuses['closed']!['icon'] = 'square'),
  );
});

describe('names that stand for nothing', () => {
  refused('reviews.initial', 'there is no status "new"; use one of: open, closed', (t) => (t['initial'] = 'new'));
  refused(
    'reviews.initial',
    'there is no status "constructor"; use one of: open, closed',
    (t) => (t['initial'] = 'constructor'),
  );
  refused(
    'reviews.statuses.open.action',
    'there is no action "shut"; use one of: close',
    (t) => (t.statuses['open']!['action'] = 'shut'),
  );
  refused(
    'reviews.statuses.open.ready',
    'there is no status "done"; use one of: open, closed',
    (t) => (t.statuses['open']!['ready'] = 'done'),
  );
  refused(
    'reviews.statuses.open.fault',
    'there is no status "error"; use one of: open, closed',
    (t) => (t.statuses['open']!['fault'] = 'error'),
  );
  refused(
    'reviews.statuses.open.needs',
    'there is no prerequisite "money"; use one of: reader',
    (t) => (t.statuses['open']!['needs'] = ['reader', 'money']),
  );
  refused(
    'reviews.statuses.open.needs',
    'there is no prerequisite "reader"; use one of: none',
    (t) => (t.prerequisites = {}),
  );
  refused(
    'reviews.actions.close.from',
    'there is no status "opened"; use one of: open, closed',
    (t) => (t.actions['close']!['from'] = { opened: 'closed' }),
  );
  refused(
    'reviews.actions.close.from.open',
    'there is no status "shut"; use one of: open, closed',
    (t) => (t.actions['close']!['from'] = { open: 'shut' }),
  );
  refused(
    'reviews.recovery',
    'there is no status "error"; use one of: open, closed',
    (t) => (t.recovery['error'] = []),
  );
  refused('reviews.recovery.open[0].done.status', 'there is no status "fine"; use one of: open, closed', (t) => {
    t.recovery['open']![0]!['done'] = { status: ['closed', 'fine'] };
  });
  refused('reviews.recovery.open[0].offer.action', 'there is no action "go"; use one of: close', (t) => {
    t.recovery['open']![0]!['offer'] = { action: 'go' };
  });
});

describe('ways that lead nowhere', () => {
  refused(
    'reviews.statuses.closed.action',
    '"close" leads nowhere from "closed"; add it to `actions.close.from`, or offer another action',
    (t) => (t.statuses['closed']!['action'] = 'close'),
  );
  refused('reviews.recovery.open', 'must be a list of steps', (t) => (t.recovery['open'] = {} as Words[]));
  for (const from of [{}, undefined])
    refused(
      'reviews.actions.close.from',
      'the action leads nowhere; name a status it leads from, and to which',
      (t) => (t.actions['close']!['from'] = from),
    );
  refused(
    'reviews.statuses.closed',
    'cannot be reached from "open"; lead an action, `ready`, `fault` or `moves` to it, or remove it',
    (t) => (t.actions['close']!['from'] = { open: 'open' }),
  );
  refused(
    'reviews.statuses.closed.ready',
    'has nothing to wait for; list the prerequisites in `needs`',
    (t) => (t.statuses['closed']!['ready'] = 'open'),
  );
});

test('an offer that only becomes legal once the status has turned into its `ready` is fine', () => {
  const waiting = table();
  waiting.statuses['new'] = {
    label: 'New',
    tone: 'blue',
    icon: 'clock',
    meaning: 'Waits for a reader.',
    action: 'close',
    needs: ['reader'],
    ready: 'open',
  };
  waiting['initial'] = 'new';
  defineLifecycle(waiting as unknown as Parameters<typeof defineLifecycle>[0]);
});

describe('recovery steps', () => {
  refused('reviews.recovery.open[0].id', 'is empty; give it a text', (t) => (t.recovery['open']![0]!['id'] = ''));
  refused('reviews.recovery.open[0].text', 'is empty; give it a text', (t) => (t.recovery['open']![0]!['text'] = ''));
  refused('reviews.recovery.open[1].id', '"read" names two steps; give each its own id', (t) => {
    t.recovery['open']!.push({ id: 'read', text: 'Read it again.' });
  });
  refused(
    'reviews.recovery.closed[0].offer.action',
    '"close" is never possible after "closed"; add a status to `actions.close.from`, or offer another action',
    (t) => (t.recovery['closed'] = [{ id: 'again', text: 'Close it again.', offer: { action: 'close' } }]),
  );
  for (const status of [['open'], []])
    refused(
      'reviews.recovery.closed[0].done.status',
      'none of these can be reached from "closed", so the step is never done; name a status that can',
      (t) => (t.recovery['closed'] = [{ id: 'wait', text: 'Wait.', done: { status } }]),
    );
  refused('reviews.recovery.open[0].done.dependency', 'is empty; name a kind of dependency', (t) => {
    t.recovery['open']![0]!['done'] = { dependency: '' };
  });
  refused(
    'reviews.recovery.open[0].offer.log',
    'the system keeps no log; set `log: true`, or offer something else',
    (t) => (t.recovery['open']![0]!['offer'] = { log: true }),
  );
  test('a step may offer an action that is possible only after the other steps', () => {
    const later = table();
    later.actions['file'] = { label: 'File', pending: 'Filing', from: { closed: 'filed' } };
    later.statuses['filed'] = { label: 'Filed', tone: 'blue', icon: 'clock', meaning: 'Filed.' };
    later.recovery['open'] = [
      { id: 'close', text: 'Close it.', done: { status: ['closed'] }, offer: { action: 'close' } },
      { id: 'file', text: 'File it.', done: { status: ['filed'] }, offer: { action: 'file' } },
    ];
    defineLifecycle(later as unknown as Parameters<typeof defineLifecycle>[0]);
  });
});

describe('what JS callers get wrong', () => {
  refused('reviews.statuses.open', 'got null; give a label, a tone, an icon and a meaning', (t) => {
    t.statuses['open'] = null as unknown as Words;
  });
  refused('reviews.actions.close', 'got "Close"; give a label, a pending text and `from`', (t) => {
    t.actions['close'] = 'Close' as unknown as Words;
  });
  test('no table at all', () => {
    assert.throws(() => defineLifecycle(undefined as never), {
      name: 'LifecycleError',
      message: 'lifecycle: got undefined; give a table',
    });
  });
});

describe('a checked table', () => {
  test('is frozen through and through, and is a copy', () => {
    const own = table();
    const made = defineLifecycle(own as unknown as Parameters<typeof defineLifecycle>[0]);
    own.statuses['open']!['label'] = 'changed';
    assert.equal(made.statuses['open']!.label, 'Open');
    const seen = new Set<unknown>();
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      assert.ok(Object.isFrozen(value));
      for (const inner of Object.values(value)) look(inner);
    };
    for (const lifecycle of [made, flows, python]) look(lifecycle);
    assert.ok(seen.size > 30);
    assert.throws(() => ((made as { label: string }).label = 'x'), TypeError);
  });

  test('has no prototype anywhere a word is looked up', () => {
    for (const lifecycle of [flows, python])
      for (const inner of [
        lifecycle,
        lifecycle.statuses,
        lifecycle.actions,
        lifecycle.prerequisites,
        lifecycle.recovery,
      ])
        assert.equal(Object.getPrototypeOf(inner), null);
    for (const action of Object.values(python.actions)) assert.equal(Object.getPrototypeOf(action.from), null);
  });

  test('may have a status named like what objects inherit', () => {
    const odd = JSON.parse(`{
      "system": "odd", "label": "Odd", "initial": "constructor",
      "statuses": {
        "constructor": {"label": "C", "tone": "gray", "icon": "check", "meaning": "C.", "action": "toString"},
        "__proto__": {"label": "P", "tone": "gray", "icon": "cross", "meaning": "P."}
      },
      "actions": {"toString": {"label": "T", "pending": "T", "from": {"constructor": "__proto__"}}}
    }`) as Parameters<typeof defineLifecycle>[0];
    const made = defineLifecycle(odd);
    assert.equal(made.statuses['__proto__']!.label, 'P');
    assert.deepEqual(made.actions['toString']!.from['constructor'], ['__proto__']);
    assert.equal(({} as { label?: string }).label, undefined);
  });
});
