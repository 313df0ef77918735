/**
 * A real browser shows a list with two hundred changes a second and a simulated user clicks its buttons, while the
 * backend is killed and started again twenty times. In the end the screen shows what the backend has, each click had
 * one effect or a stated reason why not, and no timer, listener or connection is left.
 *
 * KILL_SEED=n runs another random sequence.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '../../../mocks/random.ts';
import { flows, statusDef } from '../../../src/lifecycle/index.ts';
import { BackendProcess, temporaryFolder } from '../../support/kill/backend-process.ts';
import { countsIn, notedIn, type Held } from '../../support/kill/effect-count.ts';
import { openPage } from '../../support/kill/open-page.ts';
import { RandomClicks } from '../../support/kill/random-clicks.ts';
import { assertScreenEquals, connectionOf, tryNow, watchRows, type ShownRow } from '../../support/kill/screen.ts';
import { ExpectedState, type Seen } from '../../support/kill/expected-state.ts';
import { pause, until } from '../../support/until.ts';

const RESTARTS = 20;
const PER_SECOND = 200;
/** Campaigns whose buttons are clicked. The random changes touch only their messages, never their status. */
const PRESSED = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot'];
/** This campaign has no active flow, so its action is refused. */
const NOT_READY = 'Golf';
/** This campaign fails while the feed is down, so an action on its last known status comes too late. */
const OVERTAKEN = 'Hotel';
const STEADY = [...PRESSED, NOT_READY, OVERTAKEN];
/** The simulated user presses "Try again" this often while there is no connection (ms). */
const INTERVAL_MS = 300;
/** A button shows a request as pending for at most this long (ms). */
const SETTLED_MS = 45_000;
/** The provider disposes of its store five seconds after it is removed; this allows for a busy machine (ms). */
const GONE_MS = 30_000;
/** A requested frame comes within this time (ms). */
const FRAME_MS = 300;

const random = seededRandom(process.env['KILL_SEED'] ?? '1');

it(`a backend that is killed and started again ${RESTARTS} times, in a real browser`, async (t) => {
  const data = temporaryFolder(t);
  const expected = new ExpectedState(data, 'flows');
  const backend = await BackendProcess.start(t, { data });
  await backend.order('campaigns.fill', 30, 'flows');
  for (const id of STEADY)
    await backend.order('campaigns.add', {
      system: 'flows',
      id,
      name: id,
      met: id === NOT_READY ? [] : ['active-flow'],
      dependencies: [
        { kind: 'channel', id: 'email' },
        { kind: 'agent', id: 'copywriter' },
      ],
    });

  const { view, keys, open } = await openPage(t, backend.url, PRESSED[0]!);
  const { page } = view;
  const watched = await watchRows(page);
  const clicker = new RandomClicks(view);
  const someone = (...keys: readonly (string | number)[]): string => random.pick(PRESSED, ...keys);
  const overtaken = { system: 'flows', id: OVERTAKEN };
  const live = async (): Promise<boolean> => (await connectionOf(page, 'flows')) === 'live';

  for (let round = 0; round < RESTARTS; round++) {
    const special = round % 5 === 0;
    if (special) await backend.order('campaigns.force', overtaken, { status: 'active' });
    await backend.order('campaigns.churn', { system: 'flows', perSecond: PER_SECOND, steady: STEADY });
    for (let n = random.between(1, 3, 'presses', round); n > 0; n--) {
      await clicker.press(someone('live', round, n), n === 2);
      await pause(random.between(0, 300, 'pause', round, n));
    }
    // The last click and the kill are close together: the kill comes before, during or after the request.
    const lastClick = clicker.press(someone('last', round));
    await pause(random.between(0, 400, 'kill', round));
    await backend.kill();
    await lastClick;
    expected.gather();
    await clicker.press(special ? NOT_READY : someone('down', round));
    await backend.restart();
    if (special) {
      await backend.order('campaigns.force', overtaken, { status: 'error', message: 'Change 0: too late.' });
      await clicker.press(OVERTAKEN);
    }

    let deadline = performance.now() + INTERVAL_MS;
    await until(async () => {
      if (await live()) return true;
      if (performance.now() < deadline) return false;
      deadline = performance.now() + INTERVAL_MS;
      await tryNow(page);
      return false;
    }, 'the list is live again');
    await until(async () => (await clicker.pending()) === 0, 'what was asked for before is settled', SETTLED_MS);
  }
  await view.leave();
  await view.press('Escape');
  const shown = await watched();

  await t.test('in the end every row on the screen equals the backend', async () => {
    await assertScreenEquals(page, backend);
    view.assertQuiet();
  });

  await t.test('each click had one effect, or was reported as not done', async () => {
    const { clicks, requests, outcomes } = await notedIn(page);
    const effects = await backend.effects();
    t.diagnostic(`presses: ${JSON.stringify(clicker.results)}; effects: ${effects.size}`);
    assert.ok(requests.length > RESTARTS, 'there were presses enough to prove anything');
    for (const id of STEADY) {
      const wanted = requests.filter((one) => one.id === id).map(({ action }) => action);
      const settled = outcomes.filter((one) => one.id === id);
      const sent = [...keys].filter(([, of]) => of === id).map(([key]) => key);
      assert.deepEqual(
        settled.map(({ action }) => action),
        wanted,
        `${id}: each is reported, in its order`,
      );
      assert.equal(sent.length, wanted.length, `${id}: one intent, one key`);
      assert.ok(
        wanted.length <= clicks.filter((of) => of === id).length,
        `${id}: nobody but the mouse asks for anything`,
      );
      for (const [n, { outcome }] of settled.entries()) {
        const results = effects.get(sent[n]!) ?? [];
        if (outcome === 'refused' || outcome === 'conflict')
          assert.equal(results.length, 0, `${id}: reported as not done`);
        else assert.deepEqual([outcome, results.length], ['done', 1], `${id}: reported as done`);
      }
    }
    assert.ok(
      [...effects.keys()].every((key) => keys.has(key)),
      'the backend did nothing that nobody asked for',
    );
  });

  await t.test('every status that was shown was true, and in the right order', async () => {
    expected.gather();
    let shownRows = 0;
    for (const [id, rows] of shown) {
      shownRows += rows.length;
      expected.assertShown(id, rows.map(glimpsed), asShown);
    }
    t.diagnostic(`glimpses: ${shownRows} of ${shown.size} rows`);
    assert.ok(shownRows > RESTARTS * PRESSED.length);
  });

  await t.test('nothing is left behind: no feed, request, timer or listener', async () => {
    // Count as soon as the store is disposed of: a leaked timer may run out by itself.
    const end = await page.evaluateHandle((frameMs) => {
      const { pageCounts } = globalThis as unknown as { pageCounts: { held(): Held } };
      const { currentStore } = document.querySelector('campaign-provider')!;
      const end: { over: string[]; held?: Held } = { over: [] };
      const complete = (what: string) => (): void => {
        if (end.over.push(what) > 1) return;
        const count = (): void => void (end.held = pageCounts.held());
        // When frames are late, those already requested come before two more.
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(count)), frameMs);
      };
      currentStore!.list('flows').subscribe({ complete: complete('list') });
      currentStore!.campaign({ system: 'flows', id: 'Alpha' }).subscribe({ complete: complete('campaign') });
      currentStore!.connection('flows').subscribe({ complete: complete('connection') });
      return end;
    }, FRAME_MS);
    assert.ok((await countsIn(page)).timers > 0, 'the count counts');
    await page.evaluate(() => document.querySelector('campaign-provider')!.remove());
    const { over, held } = await until(
      async () => {
        const value = await end.jsonValue();
        return value.held && value;
      },
      'the store is disposed of',
      GONE_MS,
    );
    assert.deepEqual(over.sort(), ['campaign', 'connection', 'list']);
    // These belong to the host: its router, and the test's listener for policy violations.
    assert.deepEqual(held, {
      timers: 0,
      listeners: { 'Window hashchange': 1, 'Window securitypolicyviolation': 1 },
    });
    await until(() => open.size === 0, 'no request is open');
    await until(async () => {
      const { systems } = await backend.stage();
      return systems.every(({ openFeeds }) => openFeeds === 0);
    }, 'no feed is open');
    view.assertQuiet();
  });
});

/**
 * The parts of a state that the screen shows: the sample data's own long messages are cut there, so they count as none.
 */
function asShown({ name, status, message }: NonNullable<Seen>): Seen {
  return { name, status: statusDef(flows, status)?.label ?? status, message: counted(message) };
}

function glimpsed({ name, label, description, gone }: ShownRow): Seen {
  return gone ? undefined : { name, status: label, message: counted(description) };
}

function counted(text: string): string {
  return /Change \d+: [^.]*\./.exec(text)?.[0] ?? '';
}
