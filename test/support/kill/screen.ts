/** Reads in the page what a list of campaigns shows. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'puppeteer-core';
import type { CampaignRecord } from '../../../src/adapters/contract.ts';
import { flows, statusDef, statusView, type ActionDef } from '../../../src/lifecycle/index.ts';
import type { BackendProcess } from './backend-process.ts';
import { until } from '../until.ts';

const actions = new Map<string, ActionDef>(Object.entries(flows.actions));

/** One row as shown at one moment. */
export interface ShownRow {
  readonly name: string;
  readonly label: string;
  /** The accessible description: the beginning of the message, or of the status's meaning. */
  readonly description: string;
  readonly gone: boolean;
}

/** One row, read with its popup open. */
export interface ReadRow {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  /** The whole text in the popup. */
  readonly text: string;
  /** "Last known …", or `''`. */
  readonly since: string;
  /** The verb on the button, or `''`. */
  readonly action: string;
  readonly disabled: boolean;
}

/**
 * Records from now on what each row shows, whenever that changes. @returns a function that stops and returns the
 * records by id
 */
export async function watchRows(page: Page): Promise<() => Promise<ReadonlyMap<string, readonly ShownRow[]>>> {
  const notes = await page.evaluateHandle(() => {
    const seen: Record<string, ShownRow[]> = {};
    const text = (root: ParentNode | null | undefined, selector: string): string =>
      root?.querySelector(selector)?.textContent.trim() ?? '';
    const look = (): void => {
      const rows = document.querySelector('campaign-list')?.shadowRoot?.querySelectorAll('[part=row]') ?? [];
      for (const row of rows) {
        const tag = row.querySelector('campaign-status-tag')?.shadowRoot;
        const name = text(row, '[part=name]');
        const shownRow: ShownRow = {
          name,
          label: text(tag, '[part=label]'),
          description: text(tag, '#description'),
          gone: row.classList.contains('gone'),
        };
        if (!shownRow.label) continue;
        const notes = (seen[text(row, '[part=id]') || name] ??= []);
        if (JSON.stringify(notes.at(-1)) !== JSON.stringify(shownRow)) notes.push(shownRow);
      }
    };
    return { seen, timer: setInterval(look, 50) };
  });
  return async () => {
    const seen = await notes.evaluate(({ seen, timer }) => {
      clearInterval(timer);
      return seen;
    });
    return new Map(Object.entries(seen));
  };
}

/** Reads every row: opens its popup, reads it, and closes it. */
export function readRows(page: Page): Promise<ReadRow[]> {
  return page.evaluate(async () => {
    const rows = [...(document.querySelector('campaign-list')?.shadowRoot?.querySelectorAll('[part=row]') ?? [])];
    const read: ReadRow[] = [];
    for (const row of rows) {
      const tag = row.querySelector('campaign-status-tag')!;
      const root = tag.shadowRoot!;
      const button = row.querySelector('campaign-action-button')?.shadowRoot?.querySelector('[part=button]');
      const name = row.querySelector('[part=name]')!.textContent.trim();
      const text = (from: ParentNode, selector: string): string =>
        from.querySelector(selector)?.textContent.replace(/\s+$/, '') ?? '';
      tag.open();
      await tag.updateComplete;
      read.push({
        id: text(row, '[part=id]') || name,
        name,
        label: text(root, '[part=label]'),
        text: text(root, '[part=popup] .foreign'),
        since: text(root, '[part=since]'),
        // The hidden label stays in the button, so that its width does not change while a request is under way.
        action: button ? text(button, '.face:not([data-off]) > span:not(.visually-hidden)') : '',
        disabled: button?.getAttribute('aria-disabled') === 'true',
      });
      tag.close();
      await tag.updateComplete;
    }
    return read;
  });
}

/** Waits until every row of the flows shows what the backend has, and there are no other rows. */
export async function assertScreenEquals(page: Page, backend: BackendProcess, ms?: number): Promise<void> {
  const byId = (rows: readonly ReadRow[]): readonly ReadRow[] => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  let [rows, wanted]: (readonly ReadRow[])[] = [];
  const equal = async (): Promise<boolean> => {
    wanted = byId([...(await backend.campaigns('flows')).values()].map(expected));
    rows = byId(await readRows(page));
    return isDeepStrictEqual(rows, wanted);
  };
  await until(equal, 'the screen equals the backend', ms).catch(() => assert.deepEqual(rows, wanted));
}

/** What the row of a record must show. */
function expected({ id, name, status, message, missing, denied }: CampaignRecord): ReadRow {
  const { label, meaning } = statusDef(flows, status)!;
  const { action } = statusView(flows, status, { missing, denied });
  return {
    id,
    name: name ?? id,
    label,
    text: message || meaning,
    since: '',
    action: actions.get(action?.action ?? '')?.label ?? '',
    disabled: action?.disabled !== undefined,
  };
}

/** The state of the list's connection. */
export function connectionOf(page: Page, system: string): Promise<string> {
  return page.evaluate(
    (of) => document.querySelector('campaign-provider')?.currentStore?.connection(of).value.state ?? '',
    system,
  );
}

/** Presses "Try now" in the list if it is offered. */
export function tryNow(page: Page): Promise<void> {
  return page.evaluate(() => {
    document.querySelector('campaign-list')?.shadowRoot?.querySelector<HTMLElement>('[part=retry]')?.click();
  });
}
