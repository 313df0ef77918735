/**
 * A simulated platform with very many flows campaigns, which changes some of them all the time. It runs in a worker, so that
 * the page spends its time on what it shows alone.
 */
import type { ActResult, CampaignRecord, Change } from '../../src/adapters/contract.ts';
import { flows, landings, legalActions } from '../../src/lifecycle/index.ts';

/** What the page asks for. */
export type ToWorker =
  | { readonly type: 'start'; readonly count: number; readonly perSecond: number }
  | { readonly type: 'rate'; readonly perSecond: number }
  | { readonly type: 'watch'; readonly feed: number }
  | { readonly type: 'unwatch'; readonly feed: number }
  | { readonly type: 'act'; readonly key: string; readonly id: string; readonly action: string };

/** What the page gets. */
export type FromWorker =
  | { readonly type: 'change'; readonly feed: number; readonly change: Change }
  | { readonly type: 'result'; readonly key: string; readonly result: ActResult };

const STEP_MS = 50;
const PAGE = 10_000;
/** A day in ms: the campaigns have changed within the last one. */
const DAY_MS = 86_400_000;

const KINDS = ['Autumn offer', 'Birthday greetings', 'Event invitation', 'Newsletter', 'Product launch', 'Survey'];
const MESSAGES: Readonly<Record<string, string>> = {
  inactive: 'Stopped by Planner.',
  active: 'All steps are sending.',
  error: 'The e-mail provider refused the login (535 5.7.8).',
};
/** How a campaign goes on by itself. */
const NEXT: Readonly<Record<string, string>> = { inactive: 'active', active: 'error', error: 'active' };

const rows: CampaignRecord[] = [];
const places = new Map<string, number>();
const feeds = new Set<number>();
/** One effect per key: a repeated request gets the first result. */
const results = new Map<string, ActResult>();
let perSecond = 0;
/** Changes that are due, with fractions. */
let due = 0;

const send = (message: FromWorker): void => self.postMessage(message);
const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'start') start(data.count, data.perSecond);
  else if (data.type === 'rate') ({ perSecond } = data);
  else if (data.type === 'watch') watch(data.feed);
  else if (data.type === 'unwatch') feeds.delete(data.feed);
  else send({ type: 'result', key: data.key, result: act(data.key, data.id, data.action) });
});

function start(count: number, rate: number): void {
  const now = Date.now();
  for (let n = 0; n < count; n++) {
    const status = pick(flows.statusOrder);
    places.set(`c${n}`, n);
    rows.push({
      id: `c${n}`,
      name: `${pick(KINDS)} ${n + 1}`,
      status,
      revision: 1,
      message: MESSAGES[status]!,
      at: now - Math.floor(Math.random() * DAY_MS),
      changedBy: 'Scheduler',
      missing: [],
    });
  }
  perSecond = rate;
  setInterval(step, STEP_MS);
}

function watch(feed: number): void {
  feeds.add(feed);
  const change = (one: Change): void => send({ type: 'change', feed, change: one });
  change({ type: 'open', mode: 'snapshot', epoch: '1' });
  for (let from = 0; from < rows.length; from += PAGE) change({ type: 'page', items: rows.slice(from, from + PAGE) });
  change({ type: 'synced', count: rows.length });
}

function step(): void {
  due += (perSecond * STEP_MS) / 1_000;
  const changed = new Map<string, CampaignRecord>();
  for (; due >= 1; due--) {
    const { id, status } = pick(rows);
    changed.set(id, move(id, NEXT[status]!, 'Scheduler'));
  }
  if (changed.size > 0) publish([...changed.values()]);
}

function act(key: string, id: string, action: string): ActResult {
  const known = results.get(key);
  if (known) return known;
  const place = places.get(id);
  const status = place === undefined ? '' : rows[place]!.status;
  if (!legalActions(flows, status).includes(action)) return { outcome: 'conflict' };
  const campaign = move(id, landings(flows, status, action)[0]!, 'Planner');
  publish([campaign]);
  const result: ActResult = { outcome: 'done', campaign, epoch: '1' };
  results.set(key, result);
  return result;
}

function move(id: string, status: string, changedBy: string): CampaignRecord {
  const place = places.get(id)!;
  const { revision, ...row } = rows[place]!;
  const message = MESSAGES[status]!;
  return (rows[place] = { ...row, revision: revision + 1, status, message, at: Date.now(), changedBy });
}

function publish(items: readonly CampaignRecord[]): void {
  for (const feed of feeds) send({ type: 'change', feed, change: { type: 'upsert', items } });
}
