/**
 * Sends malformed, hostile and huge records over a real port into a real page, among well-behaved campaigns. None of
 * them may affect another campaign or leave anything behind.
 *
 * ENDURANCE_SECONDS=n sets the duration, ENDURANCE_SEED=n another sequence of records.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startServer } from '../../mocks/server/start-server.ts';
import { pause, until } from '../kill/support/until.ts';
import { Hostility, type Message } from './support/hostile-messages.ts';
import { watchNeighbours } from './support/row-observer.ts';
import { StrainedPage } from './support/loaded-page.ts';
import { growthOverLastHalf, type Sample } from './support/trend.ts';

const SECONDS = Number(process.env['ENDURANCE_SECONDS'] ?? 60);
const SEED = process.env['ENDURANCE_SEED'] ?? '1';
const GOOD = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo'];
const PRESSED = 'Foxtrot';
const HOSTILE = Array.from({ length: 12 }, (_, n) => `zz hostile ${n}`);

/** The number of messages in a hostile round, and the time between them (ms). */
const MESSAGES = 50;
const EVERY_MS = 20;
/** However slow the machine is, the first half of this many rounds fills everything that the kit keeps on purpose. */
const LEAST_ROUNDS = 30;
/**
 * How often (ms) a message breaks the feed, in the first minute and later: the page needs half a minute to release such
 * a feed.
 */
const RUIN_EVERY_MS = 15_000;
const LATER_RUIN_EVERY_MS = 60_000;
/** A press must have its effect within this time (ms), even when two cores share all this work. */
const RESPONSIVE_MS = 5_000;
/**
 * After a round, every campaign is shown correctly within this time (ms), even when the feed has failed several times
 * in a row.
 */
const CALM_MS = 40_000;
/** The most growth that may remain, as a part of the mean. */
const GROWTH = 0.01;

it(`${SECONDS} seconds of hostile records`, async (t) => {
  const server = await startServer({ backend: { sampleData: 'empty', tickMs: 0, seed: SEED } });
  t.after(() => server.close());
  const { campaigns, faults } = server.backend;
  const flow = (id: string) => ({ system: 'flows', id });
  const inject = (messages: readonly Message[]): void => messages.forEach((message) => faults.inject('flows', message));
  for (const [n, id] of [...GOOD, PRESSED].entries()) {
    const status = ['inactive', 'active', 'error'][id === PRESSED ? 0 : n % 3]!;
    campaigns.add({
      ...flow(id),
      name: id,
      met: ['active-flow'],
      dependencies: [
        { kind: 'channel', id: 'email' },
        { kind: 'agent', id: 'copywriter' },
      ],
    });
    campaigns.force(flow(id), { status, message: `All is well with ${id}.` });
  }
  const strained = await StrainedPage.open(t, server.url, { good: GOOD, hostile: HOSTILE, pressed: PRESSED });
  const { page, logged, thrown } = strained;
  const heap: Sample[] = [];
  const nodes: Sample[] = [];
  const hostility = new Hostility(SEED, HOSTILE);
  let rounds = 0;

  /** What is not shown as it should be between two rounds. */
  const wrong = async (note: string): Promise<readonly string[]> => {
    const wanted = [
      ...campaigns.list('flows').map(({ id, status, message = '' }) => [id, status, message, '']),
      ...HOSTILE.map((id) => [id, 'inactive', note, '']),
    ].map(String);
    const shown = (await strained.shown()).map(String);
    return [...shown.filter((row) => !wanted.includes(row)), ...wanted.filter((row) => !shown.includes(row))];
  };

  /** Restores all campaigns, waits until each is shown correctly, and takes a sample. */
  const calm = async (): Promise<void> => {
    const note = `Calm again, for the ${++rounds}th time.`;
    let sentAt = -Infinity;
    let left: readonly string[] = [];
    await until(
      () => `all is in order; ${left.length} are not, such as ${left[0]?.slice(0, 300)}`,
      async () => {
        // Send it again: messages are lost while the feed is down.
        if (performance.now() - sentAt > 500) {
          sentAt = performance.now();
          await strained.tryNow();
          inject(hostility.calm(note));
        }
        left = await wrong(note);
        return left.length === 0;
      },
      CALM_MS,
    );
    hostility.acknowledge();
    const { at, heap: bytes, nodes: count } = await strained.measure();
    // Unless the store has found out meanwhile that the backend has none of the hostile campaigns.
    if ((await wrong(note)).length > 0) return calm();
    heap.push({ at, value: bytes });
    nodes.push({ at, value: count });
  };

  /** Presses the button of a well-behaved campaign. @returns the time until it had its effect, in ms */
  const press = async (): Promise<number> => {
    const status = (): string => campaigns.get(flow(PRESSED))!.record.status;
    const before = status();
    const began = performance.now();
    await (rounds % 2 ? strained.click() : strained.pressInList(PRESSED));
    await until('the press of a neighbour takes effect', () => status() !== before);
    return performance.now() - began;
  };

  await calm();
  const observed = await watchNeighbours(page, GOOD);
  const answered: number[] = [];
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  let ruinAt = RUIN_EVERY_MS / 2;
  while (elapsed() < SECONDS * 1_000 || answered.length < LEAST_ROUNDS) {
    await strained.openPopup();
    const pressing = pause((MESSAGES * EVERY_MS) / 2).then(press);
    for (let n = 0; n < MESSAGES; n++) {
      inject([hostility.next()]);
      await pause(EVERY_MS);
    }
    answered.push(await pressing);
    const good = GOOD[rounds % GOOD.length]!;
    campaigns.force(flow(good), { message: `All is well with ${good}, ${rounds} rounds later.` });
    if (elapsed() > ruinAt) {
      inject([hostility.ruinous()]);
      ruinAt = elapsed() + (elapsed() < 60_000 ? RUIN_EVERY_MS : LATER_RUIN_EVERY_MS);
    }
    await calm();
  }
  const slowest = Math.max(...answered);
  const growth = growthOverLastHalf(heap);
  const moreNodes = growthOverLastHalf(nodes);
  t.diagnostic(`${rounds} rounds; slowest press ${slowest.toFixed(0)} ms`);
  t.diagnostic(`heap, in MB: ${heap.map(({ value }) => (value / 1e6).toFixed(2)).join(' ')}`);
  t.diagnostic(`over the last half: heap ${percent(growth)}, nodes ${percent(moreNodes)}`);

  await t.test('no exception reaches the page, and the console gets one report of each kind', () => {
    assert.deepEqual(thrown, []);
    const kinds = logged.map((text) => /^campaign-status-kit: (\w+) \(reported once/.exec(text)?.[1] ?? text);
    assert.deepEqual(kinds.sort(), ['dropped', 'protocol', 'unreadable']);
  });

  await t.test('valid rows keep their place, size, direction and text', async () => {
    const seen = await observed();
    assert.deepEqual(
      Object.entries(seen).filter(([, values]) => values.length !== 1),
      [],
    );
    assert.deepEqual([seen['order'], seen['in sight']], [['true'], ['true']]);
    assert.deepEqual(await page.evaluate(() => Object.keys(Object.prototype)), []);
    // Only the pressed campaign was ever acted upon.
    assert.ok(server.backend.effects().every(({ ref }) => ref.id === PRESSED));
    assert.equal(server.backend.effects().length, answered.length);
  });

  await t.test('input stays responsive', () => {
    assert.ok(slowest < RESPONSIVE_MS, `${slowest} ms`);
  });

  await t.test(
    `leaves nothing behind: over the second half, heap and nodes grow by less than ${percent(GROWTH)}`,
    () => {
      assert.ok(growth < GROWTH, `the heap grows by ${percent(growth)}`);
      assert.ok(moreNodes < GROWTH, `the document grows by ${percent(moreNodes)} nodes`);
    },
  );
});

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}
