import { nothing, type ReactiveController, type ReactiveElement, type TemplateResult } from 'lit';
import { adoptStyles } from '../styles/adopt-styles.ts';
import { glyph } from '../templates/icons.ts';
import { html } from '../templates/html.ts';
import { LazyPart } from '../templates/lazy-part.ts';
import { historyChunk, type HistoryPanelModule } from './history-chunk.ts';
import type { HistoryPanel } from './history-panel.ts';
import type { HistorySubject } from './history-subject.ts';

/** What an element does with its history. */
export interface HistoryUse {
  /** The campaign; `undefined` while there is none. */
  subject(): HistorySubject | undefined;
  /** The history is open. */
  open(): boolean;
  /** The user pressed the button. */
  toggle(): void;
}

/** A button that opens the history of a campaign below it. What it opens is loaded on first need. */
export class HistoryDisclosure implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #use: HistoryUse;
  readonly #part: LazyPart<HistoryPanelModule>;
  #panel: HistoryPanel | undefined;
  #removeStyles: (() => void) | undefined;

  constructor(host: ReactiveElement, use: HistoryUse) {
    this.#host = host;
    this.#use = use;
    this.#part = new LazyPart(host, historyChunk, { loading: 'history.loading', failed: 'history.failed' });

    host.addController(this);
  }

  hostDisconnected(): void {
    this.#rest();
  }

  /** The button. */
  button(): TemplateResult | typeof nothing {
    const subject = this.#subject;
    if (!subject) return nothing;
    const { i18n } = subject;
    const open = this.#use.open();
    return html`<button
      class="button"
      part="history-button"
      type="button"
      aria-expanded=${open ? 'true' : 'false'}
      aria-controls="history"
      @click=${() => this.#use.toggle()}
    >
      <span class="stack"
        ><span class=${open ? 'away' : ''}>${i18n.format('history.show')}</span
        ><span class=${open ? '' : 'away'}>${i18n.format('history.hide')}</span></span
      ><span class="chevron">${glyph('chevron')}</span>
    </button>`;
  }

  /** What the button opens. */
  region(): TemplateResult | typeof nothing {
    const open = this.#use.open();
    const subject = this.#subject;
    if (!open || !subject) this.#rest();
    if (!subject) return nothing;
    return html`<div id="history" class="history" part="history" ?hidden=${!open}>
      ${open ? this.#contents(subject) : nothing}
    </div>`;
  }

  /** The campaign, unless the adapter has no history of it. Reading this requests nothing. */
  get #subject(): HistorySubject | undefined {
    const subject = this.#use.subject();
    const keepsOpen = this.#use.open() && this.#panel !== undefined;
    return subject && (keepsOpen || subject.source.history(subject.ref).value.state !== 'unsupported')
      ? subject
      : undefined;
  }

  #contents(subject: HistorySubject): unknown {
    return this.#part.render(subject.i18n, (code) => this.#ready(code).render(subject));
  }

  #ready({ HistoryPanel, historyStyles }: HistoryPanelModule): HistoryPanel {
    this.#removeStyles ??= adoptStyles(this.#host, historyStyles);
    return (this.#panel ??= new HistoryPanel(this.#host));
  }

  #rest(): void {
    this.#panel?.rest();
    this.#panel = undefined;
    this.#removeStyles?.();
    this.#removeStyles = undefined;
  }
}
