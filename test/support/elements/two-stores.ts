import { BehaviorSubject } from 'rxjs';
import '../../../src/define.ts';
import type { CampaignElement } from '../../../src/elements/shared/base/campaign-element.ts';
import { listView } from '../../../src/store/data/list-view.ts';
import type { ListView, Live } from '../../../src/store/index.ts';
import { StubStore } from './stub-store.ts';

/** The campaign that both stores have, with different names. */
export const ref = { system: 'python', id: 'same' };

/** A store that puts its name into every text of its one campaign. */
export class NamedStore extends StubStore {
  readonly #ids = new BehaviorSubject<ListView>(
    listView({ ids: [ref.id], total: 1, counts: new Map([['error', 1]]), complete: true }),
  );

  constructor(readonly name: string) {
    super();
    this.show(ref, {
      status: 'error',
      name: `campaign of ${name}`,
      message: `message of ${name}`,
      cause: { kind: 'channel', id: 'c', name: `channel of ${name}` },
      missing: [],
    });
    this.diagnose(ref, {
      dependencies: [{ kind: 'channel', id: 'c', name: `channel of ${name}`, state: 'stopped' }],
      outlook: 'fails-again',
    });
    this.write(ref, { entries: [{ text: `line of ${name}` }], dropped: 0, state: 'live' });
  }

  override list(): Live<ListView> {
    return this.#ids;
  }
}

/**
 * Each element that shows campaigns, and which of these texts it shows: `campaign of …`, `message of …`, `line of …`.
 */
export const kinds: readonly (readonly [name: string, text: string])[] = [
  ['campaign-status-tag', 'message'],
  ['campaign-action-button', 'campaign'],
  ['campaign-header', 'campaign'],
  ['campaign-list', 'campaign'],
  ['campaign-log', 'line'],
  ['recovery-guide', 'message'],
];

/** An element of this name that shows the campaign. */
export function showing(name: string): CampaignElement {
  const element = document.createElement(name) as CampaignElement & { campaignId?: string };
  element.system = ref.system;
  if ('campaignId' in element) element.campaignId = ref.id;
  return element;
}

/** All text of an element, through open shadow roots. */
export function textOf(node: Node): string {
  if (node instanceof Text) return node.data;
  if (node instanceof HTMLStyleElement) return '';
  const inner = node instanceof Element && node.shadowRoot ? textOf(node.shadowRoot) : '';
  return inner + [...node.childNodes].map(textOf).join('');
}

/** Reads what is on screen, frame by frame, until stopped. */
export function watchFrames(look: () => string): { stop(): readonly string[] } {
  const seen: string[] = [];
  let frame = requestAnimationFrame(function next() {
    seen.push(look());
    frame = requestAnimationFrame(next);
  });
  return {
    stop: () => {
      cancelAnimationFrame(frame);
      return seen;
    },
  };
}
