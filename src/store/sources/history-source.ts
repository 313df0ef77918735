import { AdapterError, type CampaignAdapter, type CampaignRef } from '../../adapters/contract.ts';
import type { ValueSource } from '../observe/notifier.ts';
import { parseHistoryEntries } from '../data/parse-record.ts';
import { describeFailure } from '../core/failure.ts';
import type { CampaignView, HistoryEntryView, HistoryView, Live } from '../types.ts';
import { limitAnswer } from '../shell/answer-limit.ts';
import { Poller, type PollerContext } from './poller.ts';

/** No more entries than this are read, whatever is asked for. */
const MOST_ENTRIES = 1000;
/** Nor are more pages, each of which may be empty. */
const MOST_PAGES = 20;
/** A campaign that changes all the time is read about at most once in this time (ms). */
const LEAST_PAUSE_MS = 1000;

/** How many entries are read for a limit that was asked for. */
export function entryLimit(asked: number): number {
  const whole = Math.floor(Number(asked));
  return whole >= 1 ? Math.min(whole, MOST_ENTRIES) : 1;
}

/**
 * Reads the history of one campaign while someone observes it, and again whenever the campaign changes.
 *
 * @param campaign emits when the campaign changes; observed meanwhile
 */
export function historySource(
  ref: CampaignRef,
  limit: number,
  adapter: CampaignAdapter<unknown>,
  campaign: Live<CampaignView>,
  context: PollerContext,
): ValueSource<HistoryView> {
  const nothing: HistoryView = { entries: [], more: false, state: adapter.history ? 'loading' : 'unsupported' };
  let view = nothing;
  const show = (next: HistoryView): void => {
    view = next;
    context.onChange();
  };
  const lose = (): void => show({ ...view, state: 'lost' });
  const read = async (signal: AbortSignal): Promise<HistoryView> => {
    const entries: HistoryEntryView[] = [];
    let before: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const wanted = limit - entries.length;
      const request = { limit: wanted, ...(before === undefined ? {} : { before }) };
      const given: unknown = await adapter.history!(ref, request, signal);
      signal.throwIfAborted();
      const { entries: items, before: next } = Object(given) as { entries?: unknown; before?: unknown };
      if (!Array.isArray(items)) throw new AdapterError('protocol', 'history() must give { entries, before }');
      entries.push(...parseHistoryEntries(items, wanted, context.onDropped));
      before = typeof next === 'string' && next ? next : undefined;
      const more = before !== undefined || items.length > wanted;
      if (entries.length >= limit || before === undefined) return { entries, more, state: 'loaded' };
    }
    return { entries, more: true, state: 'loaded' };
  };
  const poller = new Poller(context.env, context.hiddenMs, {
    everyMs: LEAST_PAUSE_MS,
    onDemand: true,
    run: (signal, done) => {
      const failed = (error: unknown): void => {
        if (signal.aborted) return;
        if (describeFailure(error).code === 'misconfigured') {
          // The backend keeps none: there is nothing to wait for.
          poller.stop();
          return show({ ...nothing, state: 'unsupported' });
        }
        lose();
        context.onFailure(error);
        done(error);
      };
      limitAnswer(context.env, 'history', signal, failed);
      read(signal).then((next) => {
        if (signal.aborted) return;
        show(next);
        done();
      }, failed);
    },
    onPause: lose,
  });
  let changes: { unsubscribe(): void } | undefined;
  return {
    read: () => view,
    start: () => {
      if (!adapter.history) return;
      poller.start();
      let known: string | undefined;
      changes = campaign.subscribe((next) => {
        const move = moveOf(next);
        if (known !== undefined && move !== known) poller.requestRun();
        known = move;
      });
    },
    stop: () => {
      changes?.unsubscribe();
      poller.stop();
      view = nothing;
    },
  };
}

/** The part of a campaign that an entry of its history records. */
function moveOf({ presence, status, at, changedBy, message }: CampaignView): string {
  return JSON.stringify([presence, status, at, changedBy, message]);
}
