import { type CampaignAdapter, type Change, type Position, shareAcrossTabs } from '../../src/adapters/index.ts';
import { readFeed } from '../../src/adapters/read-feed.ts';
import { ScriptedAdapter, type ScriptedWatch } from './scripted-adapter.ts';
import type { Origin, Tab } from './tabs.ts';

/** The campaigns of a watch. */
export interface WatchScope {
  readonly ids?: readonly string[];
  readonly since?: Position;
}

/** Records what one watch receives. */
export class TabWatch {
  readonly changes: Change[] = [];
  /** How it ended; `undefined`: it has not. */
  end: { readonly error: unknown } | undefined;
  readonly #controller = new AbortController();

  constructor(adapter: CampaignAdapter<unknown>, scope: WatchScope = {}, system = 'flows') {
    const { signal } = this.#controller;
    readFeed(() => adapter.watch({ system, signal, ...scope }), signal, {
      onValue: (change) => this.changes.push(change as Change),
      onEnd: (error) => (this.end = { error }),
    });
  }

  get types(): string[] {
    return this.changes.map(({ type }) => type);
  }

  /** The changes since the last call. */
  takeChanges(): Change[] {
    return this.changes.splice(0);
  }

  stop(): void {
    this.#controller.abort();
  }
}

/** A tab whose sharing adapter has its own scripted backend, which shows which tab has a connection. */
export class SharingTab {
  readonly backend = new ScriptedAdapter();
  readonly adapter: CampaignAdapter<unknown>;

  constructor(
    readonly tab: Tab,
    key?: string | (() => string),
  ) {
    this.adapter = shareAcrossTabs(tab.adapter(this.backend), {
      ...(key === undefined ? {} : { key }),
      environment: tab.sharing,
    });
  }

  watch(scope?: WatchScope, system?: string): TabWatch {
    return new TabWatch(this.adapter, scope, system);
  }

  /** It has the connection. */
  get leads(): boolean {
    return this.backend.openFeeds > 0;
  }

  /** The latest connection. */
  get feed(): ScriptedWatch {
    return this.backend.feed;
  }
}

export function openTab(origin: Origin, key?: string | (() => string)): SharingTab {
  return new SharingTab(origin.open(), key);
}

/** Opens tabs that watch, one after the other; the first one leads. */
export async function openTabs(
  origin: Origin,
  count: number,
  scope?: WatchScope,
): Promise<{ readonly tabs: SharingTab[]; readonly watches: TabWatch[] }> {
  const tabs: SharingTab[] = [];
  const watches: TabWatch[] = [];
  for (let i = 0; i < count; i++) {
    const tab = openTab(origin);
    tabs.push(tab);
    watches.push(tab.watch(scope));
    await origin.advance(10);
  }
  return { tabs, watches };
}
