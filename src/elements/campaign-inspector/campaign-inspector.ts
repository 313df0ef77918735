import { nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import '../../i18n/en.ts';
import type { StoreInspection, SystemInspection } from '../../store/types.ts';
import { CampaignElement } from '../shared/base/campaign-element.ts';
import { numberOr } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { containPresses } from '../shared/base/press-containment.ts';
import { ClockController, SharedClock } from '../shared/controllers/clock-controller.ts';
import { CopyController } from '../shared/controllers/copy-controller.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { panelStyles } from '../shared/styles/panel.styles.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { drawTemplate } from '../shared/templates/draw-template.ts';
import { heading } from '../shared/templates/heading.ts';
import { html } from '../shared/templates/html.ts';
import { glyph } from '../shared/templates/icons.ts';
import { isolateText } from '../shared/text/isolate-text.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { styles } from './campaign-inspector.styles.ts';

/** What an inspection holds at one path, such as `counters.late`. */
type Leaf = readonly [path: string, value: string | number | boolean];

/** Numbers with these names are times. */
const TIME = /(^|\.)(at|since|asOf|notBefore|\w+At)$/;
const EVERY_SECOND = 1000;

/**
 * Shows developers how the connections of a store are doing, and why something is stale: what `store.inspect()` gives, by the names
 * that it has there. It is read again every second while the page is visible. `campaign-status-kit/define` does not register it.
 *
 * @summary Shows developers why something is stale.
 * @tag campaign-inspector
 *
 * @csspart inspector - The panel.
 * @csspart heading - The heading, and that of each system.
 * @csspart copy - The button that copies what is shown as JSON.
 * @csspart facts - The facts of a system.
 * @csspart events - The table of a system's latest events.
 * @csspart problem - Says what keeps the element from showing anything.
 */
export class CampaignInspector extends CampaignElement {
  static override readonly styles: CSSResultGroup = [theme, controlStyles, panelStyles, styles];

  /** The level of the heading, 1 to 6. The headings of systems are one level below. */
  @property({ attribute: 'heading-level', converter: numberOr(2) }) headingLevel = 2;

  readonly #copying = new CopyController(this);

  constructor() {
    super();
    containPresses(this);
    new ClockController(this, new SharedClock(EVERY_SECOND));
  }

  /** Copies the present state as JSON. Resolves to whether it worked. */
  async copyJson(): Promise<boolean> {
    const inspection = this.#inspect();
    if (!inspection) return false;
    const outcome = await this.#copying.copy(JSON.stringify(inspection, null, 2));
    this.speak(this.i18n.format(outcome === 'copied' ? 'log.copied' : 'log.copyFailed'));
    return outcome === 'copied';
  }

  /** Of one system if `system` names one, else of all. */
  #inspect(): StoreInspection | undefined {
    const inspection = this.source?.inspect();
    if (!inspection || !this.system) return inspection;
    return { ...inspection, systems: inspection.systems.filter(({ system }) => system === this.system) };
  }

  #value(path: string, value: Leaf[1], now: number): unknown {
    const { i18n } = this;
    if (typeof value !== 'number') return html`<code translate="no" dir="auto">${visibleText(String(value))}</code>`;
    if (!TIME.test(path)) return i18n.number(value);
    return html`<time datetime=${new Date(value).toISOString()} title=${i18n.dateTime(value)}
      >${i18n.time(value)} (${value > now ? i18n.ahead(value - now) : i18n.ago(now - value)})</time
    >`;
  }

  #facts(leaves: readonly Leaf[], now: number): TemplateResult {
    return html`<dl part="facts">
      ${leaves.map(
        ([path, value]) =>
          html`<div class="fact">
            <dt>${name(path)}</dt>
            <dd>${this.#value(path, value, now)}</dd>
          </div>`,
      )}
    </dl>`;
  }

  #events({ system, events }: SystemInspection, now: number): TemplateResult | typeof nothing {
    if (!events.length) return nothing;
    return html`<table part="events">
      <caption>
        ${isolateText(this.i18n, 'inspector.events', { system })}
      </caption>
      <thead>
        <tr>
          ${['at', 'event', 'state', 'cause'].map((column) => html`<th scope="col">${name(column)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${[...events].reverse().map(
          ({ at, event, state, cause }) =>
            html`<tr>
              <td>${this.#value('at', at, now)}</td>
              <td>${name(event)}</td>
              <td>${name(state)}</td>
              <td>${cause ? this.#value('cause', `${cause.code}: ${cause.message}`, now) : nothing}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #system(inspection: SystemInspection, now: number, index: number): TemplateResult {
    const { system, events: _, ...facts } = inspection;
    return html`${heading(this.headingLevel + 1, name(system), `system-${index}`)} ${this.#facts(leavesOf(facts), now)}
    ${this.#events(inspection, now)}`;
  }

  protected override draw(): void {
    drawTemplate(this, this.render());
  }

  protected render(): TemplateResult {
    const { i18n } = this;
    const inspection = this.#inspect();
    const problem = this.unusable(i18n) ?? (inspection ? undefined : this.missingStore);
    if (!inspection || problem !== undefined) return html`<p class="problem" part="problem">${problem}</p>`;
    const { at, page, systems } = inspection;
    const { outcome } = this.#copying;
    return html`<section class="inspector panel" part="inspector" aria-labelledby="heading">
      <div class="bar">
        ${heading(this.headingLevel, i18n.format('inspector.title'))}
        <button class="button small" part="copy" type="button" @click=${() => void this.copyJson()}>
          ${outcome === 'copied' ? glyph('check') : nothing}
          ${i18n.format(outcome ? (outcome === 'copied' ? 'log.copied' : 'log.copyFailed') : 'inspector.copy')}
        </button>
      </div>
      ${this.#facts(leavesOf({ at, page }), at)}
      ${
        systems.length
          ? systems.map((system, index) => this.#system(system, at, index))
          : html`<p class="note"><span>${i18n.format('inspector.empty')}</span></p>`
      }
    </section>`;
  }
}

/** A name or a code, which is the same in every language. */
function name(text: string): TemplateResult {
  return html`<code translate="no" dir="ltr">${text}</code>`;
}

/** All values in an object, by their paths. */
function leavesOf(value: object, path = ''): readonly Leaf[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): readonly Leaf[] =>
    typeof inner === 'object' && inner !== null
      ? leavesOf(inner, `${path}${key}.`)
      : [[`${path}${key}`, inner as Leaf[1]]],
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-inspector': CampaignInspector;
  }
}
