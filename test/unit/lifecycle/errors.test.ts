/** An invalid table is refused where it is defined: the message names the place, the fault, and how to fix it. */
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

type Fields = Record<string, unknown>;
interface Table extends Fields {
  statuses: Record<string, Fields>;
  actions: Record<string, Fields>;
  prerequisites: Record<string, Fields>;
  recovery: Record<string, Fields[]>;
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

test('the table that each case changes is valid', () => {
  defineLifecycle(table() as unknown as Parameters<typeof defineLifecycle>[0]);
});

describe('names and labels', () => {
  refused('lifecycle.system', 'is empty; name the system as it is called on the wire', (t) => (t['system'] = ''));
  refused('lifecycle.system', 'is empty; name the system as it is called on the wire', (t) => delete t['system']);
  refused('lifecycle.system', 'is empty; name the system as it is called on the wire', (t) => (t['system'] = 5));
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
  for (const field of ['title', 'text', 'label'])
    refused(`reviews.actions.close.confirm.${field}`, 'is empty; give it a text', (t) => {
      t.actions['close']!['confirm'] = { title: 'Close?', text: 'It ends.', label: 'Close', [field]: '' };
    });
  for (const [only, missing] of [
    ['title', 'text'],
    ['text', 'title'],
    ['label', 'title'],
  ] as const)
    refused(`reviews.actions.close.confirm.${missing}`, 'is empty; give it a text', (t) => {
      t.actions['close']!['confirm'] = { [only]: 'Close?' };
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
    '"square" is already the icon of "open"; two statuses must not differ by colour alone, use another',
    (t) => (t.statuses['closed']!['icon'] = 'square'),
  );
});

describe('names without a definition', () => {
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

describe('transitions without a target', () => {
  refused(
    'reviews.statuses.closed.action',
    '"close" leads nowhere from "closed"; add it to `actions.close.from`, or offer another action',
    (t) => (t.statuses['closed']!['action'] = 'close'),
  );
  refused(
    'reviews.statuses.open.action',
    '"close" leads nowhere from "open"; add it to `actions.close.from`, or offer another action',
    (t) => {
      t.statuses['open']!['ready'] = 'done';
      t.statuses['done'] = { label: 'Done', tone: 'blue', icon: 'clock', meaning: 'Done.' };
      t.actions['close']!['from'] = { closed: 'closed' };
    },
  );
  refused('reviews.recovery.open', 'must be a list of steps', (t) => (t.recovery['open'] = {} as Fields[]));
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

describe('lists of actions and moves', () => {
  refused('reviews.statuses.open.actions', 'got "close"; give a list of actions', (t) => offers(t, 'close'));
  refused('reviews.statuses.open.actions', 'there is no action "shut"; use one of: close', (t) =>
    offers(t, ['close', 'shut']),
  );
  refused('reviews.statuses.open.actions', 'names "close" twice; name each of the actions once', (t) =>
    offers(t, ['close', 'close']),
  );
  refused(
    'reviews.statuses.open.actions',
    'does not begin with `action`; give only one of the two',
    (t) => (t.statuses['open']!['actions'] = []),
  );
  refused(
    'reviews.statuses.closed.actions',
    '"close" leads nowhere from "closed"; add it to `actions.close.from`, or offer another action',
    (t) => (t.statuses['closed']!['actions'] = ['close']),
  );
  refused(
    'reviews.statuses.open.moves',
    'got "closed"; give a list of statuses',
    (t) => (t.statuses['open']!['moves'] = 'closed'),
  );
  refused(
    'reviews.statuses.open.moves',
    'there is no status "shut"; use one of: open, closed',
    (t) => (t.statuses['open']!['moves'] = ['shut']),
  );
  refused(
    'reviews.statuses.open.needs',
    'got "reader"; give a list of prerequisites',
    (t) => (t.statuses['open']!['needs'] = 'reader'),
  );

  function offers(t: Table, actions: unknown): void {
    delete t.statuses['open']!['action'];
    t.statuses['open']!['actions'] = actions;
  }
});

describe('landings of an action', () => {
  const leads = (t: Table, open: unknown): unknown => (t.actions['close']!['from'] = { open });
  for (const none of [[], undefined])
    refused(
      'reviews.actions.close.from.open',
      'names no status; give one, or a list of the possible ones',
      (t) => void leads(t, none),
    );
  refused('reviews.actions.close.from.open', 'got 5; give a list of statuses', (t) => void leads(t, 5));
  refused('reviews.actions.close.from.open', 'there is no status "shut"; use one of: open, closed', (t) => {
    leads(t, ['closed', 'shut']);
  });
  refused('reviews.actions.close.from.open', 'names "closed" twice; name each of the statuses once', (t) => {
    leads(t, ['closed', 'closed']);
  });
});

describe('confirmations by status', () => {
  const setConfirm = (t: Table, confirm: unknown): unknown => (t.actions['close']!['confirm'] = confirm);
  const question = { title: 'Close?', text: 'It ends.', label: 'Close' };
  refused(
    'reviews.actions.close.confirm',
    'got true; give a title, a text and a label, or a table of them by status',
    (t) => void setConfirm(t, true),
  );
  refused('reviews.actions.close.confirm', 'there is no status "shut"; use one of: open, closed', (t) => {
    setConfirm(t, { shut: question });
  });
  refused(
    'reviews.actions.close.confirm.closed',
    'the action is not possible in "closed"; add it to `from`, or remove this',
    (t) => void setConfirm(t, { closed: question }),
  );
  refused('reviews.actions.close.confirm.open', 'got "Sure?"; give a title, a text and a label', (t) => {
    setConfirm(t, { open: 'Sure?' });
  });
  refused('reviews.actions.close.confirm.open.text', 'is empty; give it a text', (t) => {
    setConfirm(t, { open: { title: 'Close?', label: 'Close' } });
  });
});

test('a confirmation may be `undefined` for a status', () => {
  const without = table();
  without.actions['close']!['confirm'] = { open: undefined };
  const { actions } = defineLifecycle(without as unknown as Parameters<typeof defineLifecycle>[0]);
  assert.deepEqual(Object.keys(actions['close']!.confirm), []);
});

describe('the time after which a campaign is stuck', () => {
  for (const stuckAfterMs of [0, -1, '9', null])
    refused(
      'reviews.statuses.open.stuckAfterMs',
      `got ${JSON.stringify(stuckAfterMs)}; give a time in ms above 0, such as 900_000`,
      (t) => void Object.assign(t.statuses['open']!, { stuckAfterMs }),
    );
});

describe('the input of an action', () => {
  const takes = (t: Table, input: unknown): unknown => (t.actions['close']!['input'] = input);
  refused('reviews.actions.close.input', 'got "Reason"; give a label', (t) => void takes(t, 'Reason'));
  refused('reviews.actions.close.input.label', 'is empty; give it a text', (t) => void takes(t, {}));
  refused('reviews.actions.close.input.options', 'got "a, b"; give a list of texts', (t) => {
    takes(t, { label: 'Point', options: 'a, b' });
  });
  refused(
    'reviews.actions.close.input.options',
    'is empty; list what can be chosen, or leave it out for any text',
    (t) => void takes(t, { label: 'Point', options: [] }),
  );
  refused('reviews.actions.close.input.options', 'is empty; give it a text', (t) => {
    takes(t, { label: 'Point', options: ['a', ''] });
  });
  refused('reviews.actions.close.input.options', '"abc" is longer than `maxLength`; shorten it', (t) => {
    takes(t, { label: 'Point', options: ['a', 'abc'], maxLength: 2 });
  });
  for (const maxLength of [0, 1.5, '9'])
    refused(
      'reviews.actions.close.input.maxLength',
      `got ${JSON.stringify(maxLength)}; give a whole number above 0`,
      (t) => void takes(t, { label: 'Reason', maxLength }),
    );
  test('may have options as long as `maxLength`', () => {
    const own = table();
    takes(own, { label: 'Point', options: ['ab'], maxLength: 2 });
    defineLifecycle(own as unknown as Parameters<typeof defineLifecycle>[0]);
  });
});

describe('custom icons', () => {
  const draws = (t: Table, open: unknown, closed: unknown = 'check'): void => {
    t.statuses['open']!['icon'] = open;
    t.statuses['closed']!['icon'] = closed;
  };
  const cut = "can't be drawn: ";
  const whole = '; give whole SVG path data that begins with M, such as "M2 2h12v12H2Z"';
  refused(
    'reviews.statuses.open.icon',
    'got null; give a built-in name (square, play-ring, play, dashed-ring, diamond, octagon-bang, octagon-cross, check, clock, cross), or { path } with SVG path data in a box of 16 units',
    (t) => draws(t, null),
  );
  refused(
    'reviews.statuses.open.icon.path',
    'is empty; give SVG path data in a box of 16 units, such as "M2 2h12v12H2Z"',
    (t) => draws(t, { svg: '<svg>' }),
  );
  for (const path of [
    ...['2 2h12v12Z', 'L2 2h12v12Z', 'M2 2h', 'M2 2', 'M2 2Z', 'M2 2h12v12H2Z 3', 'M2 2a6 6 0 2 0 1 1'],
    ...['M2 2 javascript:', `M2 2${' '.repeat(31)}javas`],
  ])
    refused('reviews.statuses.open.icon.path', `${cut}${JSON.stringify(path)}${whole}`, (t) => draws(t, { path }));
  refused(
    'reviews.statuses.open.icon.path',
    `${cut}"${'<svg xmlns="http://www.w3.org/2000/svg" viewBox='.slice(0, 40).replaceAll('"', '\\"')}…"${whole}`,
    (t) => draws(t, { path: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' }),
  );
  for (const path of ['M2 2h22v12H2Z', 'M8 1 8-1 2 2Z'])
    refused(
      'reviews.statuses.open.icon.path',
      `leaves the box of 16 by 16 units: "${path}"; scale it to 0 to 16`,
      (t) => draws(t, { path }),
    );
  for (const [one, other] of [
    ['M2 2h12v12H2Z', 'M2,2 L14,2 14,14 2,14 z'],
    ['M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z', 'm8 1a7 7 0 110 14a7 7 0 010-14z'],
    ['M2 2h12v12H2Z', ' M2.000 2 H 14.001 V1.4e1 H2Z'],
    ['M2 2h12v12H2Z', 'm2 2 12 0 0 12-12 0z'],
    ['M2 2h12v12H2Z', 'M2 2H1.4e+1V1.4e01H2Z'],
    ['M2 2h8h4v12H2Z', 'M2 2H10 14V14H2Z'],
    ['M.25 2h12v12H.25Z', 'M0.25 2h12v12h-12z'],
    ['M2 4C2 8 8 14 14 14Z', 'm2 4c0 4 6 10 12 10z'],
    ['M2 2h12v12H2ZM6 7h2v2H6Z', 'M2 2h12v12H2Zm4 5h2v2h-2z'],
  ] as const)
    refused(
      'reviews.statuses.closed.icon',
      'this shape is already the icon of "open"; two statuses must not differ by colour alone, use another',
      (t) => draws(t, { path: one }, { path: other }),
    );
  test('two different outlines are two icons', () => {
    const own = table();
    draws(own, { path: 'M2 2h12v12H2Z' }, { path: 'M2 2h12v11H2Z' });
    defineLifecycle(own as unknown as Parameters<typeof defineLifecycle>[0]);
  });
  test('an outline may be open, and touch the edges of the box', () => {
    const own = table();
    draws(own, { path: 'M0 0h16v16H0' });
    defineLifecycle(own as unknown as Parameters<typeof defineLifecycle>[0]);
  });
});

describe('the order of statuses', () => {
  refused('reviews.order', 'got "open"; give a list of statuses', (t) => (t['order'] = 'open'));
  refused('reviews.order', 'there is no status "shut"; use one of: open, closed', (t) => (t['order'] = ['shut']));
  refused('reviews.order', 'leaves out closed; list each status once', (t) => (t['order'] = ['open']));
  refused(
    'reviews.order',
    'names "open" twice; name each of the statuses once',
    (t) => (t['order'] = ['open', 'closed', 'open']),
  );
  refused('reviews.order', 'leaves out open, closed; list each status once', (t) => (t['order'] = []));
  const named = (t: Table, word: string): void => {
    t.statuses[word] = { label: 'Named', tone: 'blue', icon: 'clock', meaning: 'Named.' };
    t.statuses['open']!['moves'] = [word];
  };
  for (const number of ['7', '17'])
    refused(
      'reviews.order',
      `is missing; "${number}" looks like a number, and JavaScript puts such keys first: list all statuses in their order`,
      (t) => named(t, number),
    );
  for (const word of ['v7', '7th', '07'])
    test(`need not be given for a status named "${word}"`, () => {
      const own = table();
      named(own, word);
      const { statusOrder } = defineLifecycle(own as unknown as Parameters<typeof defineLifecycle>[0]);
      assert.deepEqual(statusOrder, ['open', 'closed', word]);
    });
});

test('an action that is legal only after the status has turned into its `ready` is valid', () => {
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

test('a status may be reached by losing a prerequisite only', () => {
  const waiting = table();
  waiting.statuses['waiting'] = {
    ...{ label: 'Waiting', tone: 'blue', icon: 'clock', meaning: 'Waits for a reader.' },
    needs: ['reader'],
    ready: 'open',
  };
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
  refused('reviews.recovery.open[0]', 'got null; give an id and a text', (t) => {
    t.recovery['open'] = [null as unknown as Fields];
  });
  refused('reviews.recovery.open[0].done.status', 'got "closed"; give a list of statuses', (t) => {
    t.recovery['open']![0]!['done'] = { status: 'closed' };
  });
  test('a step may offer an action that is legal in one of the statuses that can be reached', () => {
    const own = table();
    own.statuses['new'] = { label: 'New', tone: 'blue', icon: 'clock', meaning: 'New.', moves: ['open'] };
    own['initial'] = 'new';
    own.actions['close']!['from'] = { new: 'closed', open: 'closed' };
    own.recovery['open']![0]!['offer'] = { action: 'close' };
    defineLifecycle(own as unknown as Parameters<typeof defineLifecycle>[0]);
  });
  test('a step may offer an action that is legal only after the other steps', () => {
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

describe('mistakes that only JavaScript allows', () => {
  refused('reviews.statuses.open', 'got null; give a label, a tone, an icon and a meaning', (t) => {
    t.statuses['open'] = null as unknown as Fields;
  });
  refused('reviews.actions.close', 'got "Close"; give a label, a pending text and `from`', (t) => {
    t.actions['close'] = 'Close' as unknown as Fields;
  });
  refused('reviews.prerequisites.reader', 'got null; give a label, and what is missing without it', (t) => {
    t.prerequisites['reader'] = null as unknown as Fields;
  });
  test('a text that is `null`', () => {
    const own = table();
    own.statuses['open']!['next'] = null;
    const made = defineLifecycle(own as unknown as Parameters<typeof defineLifecycle>[0]);
    assert.equal(made.statuses['open']!.next, null);
  });
  test('no table at all', () => {
    assert.throws(() => defineLifecycle(undefined as never), {
      name: 'LifecycleError',
      message: 'lifecycle: got undefined; give a table',
    });
  });
});

describe('a checked table', () => {
  test('is deeply frozen, and a copy', () => {
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

  test('has no prototype wherever a word is looked up', () => {
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

  test('may have a status with the name of an inherited member', () => {
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
