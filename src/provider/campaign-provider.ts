import { ContextProvider } from '@lit/context';
import { css, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type CampaignAdapter, httpAdapter } from '../adapters/index.ts';
import { Announcer } from '../elements/shared/a11y/announcer.ts';
import { settingsContext, storeContext } from '../elements/shared/context/contexts.ts';
import { noRoutes } from '../elements/shared/context/no-routes.ts';
import { CampaignChangeEvent } from '../elements/events.ts';
import type { Routes } from '../elements/routes.ts';
import { theme } from '../elements/shared/styles/theme.styles.ts';
import {
  isLifecycle,
  objectLike,
  text,
  toStore,
  toTranslations,
  Unusable,
} from '../elements/shared/base/converters.ts';
import { ConvertingElement, property } from '../elements/shared/base/converting-element.ts';
import { VERSION } from '../elements/shared/base/version.ts';
import type { Lifecycle } from '../lifecycle/index.ts';
import { consoleReport } from '../store/report/console-report.ts';
import { type CampaignStore, createCampaignStore, type StoreEvent } from '../store/index.ts';
import { statusEnglish } from '../i18n/en-status.ts';
import { addEnglish } from '../i18n/english-texts.ts';
import { localizerOf, type Localizer } from '../i18n/localizer.ts';
import type { Translations } from '../i18n/translations.ts';
import { drawTemplate } from '../elements/shared/templates/draw-template.ts';
import { html } from '../elements/shared/templates/html.ts';

addEnglish(statusEnglish);

/** How long (ms) a disconnected provider keeps its store, because it may only be moved in the page. */
const GRACE_MS = 5000;
/** So many adapters or stores in this time (ms) mean that one is made with each render. */
const MANY_REPLACEMENTS = 3;
const REPLACED_WITHIN_MS = 10_000;

type Report = (event: StoreEvent) => void;

/** Not checked here: the store throws for a value that is no adapter. */
const toAdapter = (value: unknown): CampaignAdapter<unknown> | undefined =>
  (value as CampaignAdapter<unknown> | null) ?? undefined;
const toLifecycles = objectLike<readonly Lifecycle[] | undefined>(
  'Lifecycle[]',
  (value) => Array.isArray(value) && value.every(isLifecycle),
  undefined,
);
const toRoutes = objectLike<Routes>('Routes', () => true, noRoutes);
const toReport = (value: unknown): Report | undefined | Unusable =>
  typeof value === 'function'
    ? (value as Report)
    : value === null || value === undefined
      ? undefined
      : new Unusable('(event: StoreEvent) => void');

/**
 * Gives the elements inside it one store, so that they show the same state: made from `src`, from `adapter`, or the host's own `store`.
 *
 * @summary Connects all campaign elements inside it to one backend.
 * @tag campaign-provider
 *
 * @slot - The page, or the part of it, that shows campaigns.
 *
 * @fires {CampaignChangeEvent} campaign-change - With `change-events`: campaigns on display have changed in the backend.
 *
 * @csspart problem - The setup mistake, shown instead of an exception.
 */
export class CampaignProvider extends ConvertingElement {
  /** The version of the kit that this class is from. */
  static readonly version: string = VERSION;

  static override styles = [
    theme,
    css`
      /* Around a whole page: nothing of the kit's look may reach what is slotted. */
      :host {
        display: contents;
        color: inherit;
        font-size: inherit;
        line-height: inherit;
      }
      .problem {
        display: block;
        font-size: var(--_font-size);
        line-height: calc(20 / 13);
        padding: 8px 12px;
      }
    `,
  ];

  /** The address of a backend that speaks the kit's HTTP contract. */
  @property({ converter: text }) src = '';

  /** An adapter for any other backend; takes precedence over `src`. */
  @property({ attribute: false, converter: toAdapter }) adapter: CampaignAdapter<unknown> | undefined;

  /** A store of the host's own; takes precedence over `adapter`. The provider never disposes of it. */
  @property({ attribute: false, converter: toStore }) store: CampaignStore | undefined;

  /** The lifecycles of the campaign systems; flows and python if not given. */
  @property({ attribute: false, hasChanged: differ, converter: toLifecycles }) lifecycles:
    readonly Lifecycle[] | undefined;

  /** For development: compares what is shown with a second snapshot now and then, and reports differences. */
  @property({ type: Boolean }) verify = false;

  /** Fires `campaign-change` when campaigns on display have changed in the backend. */
  @property({ attribute: 'change-events', type: Boolean }) changeEvents = false;

  /** The host's pages, by name. */
  @property({ attribute: false, converter: toRoutes }) routes: Routes = noRoutes;

  /** The texts to show and announce; English if not given. */
  @property({ attribute: false, converter: toTranslations }) translations: Translations | undefined;

  /** The IANA time zone of all times, such as `Europe/Berlin`; the browser's if not given. */
  @property({ attribute: 'time-zone', converter: text }) timeZone = '';

  /** Called for dropped records, refusals and resyncs: for the host's error log. Without it, the first dropped record goes to the console. */
  @property({ attribute: false, converter: toReport }) report: Report | undefined;

  readonly #store = new ContextProvider(this, { context: storeContext });
  readonly #settings = new ContextProvider(this, { context: settingsContext });
  #own: CampaignStore | undefined;
  #disposal: ReturnType<typeof setTimeout> | undefined;
  #announcer: ReturnType<typeof Announcer.join> | undefined;
  #problem = '';
  /** When the host passed its latest adapters or stores (ms). */
  #replacedAt: number[] = [];
  #hasWarned = false;
  #changes: { unsubscribe(): void } | undefined;

  /** The present store; `undefined` while there is no backend to make one from. */
  get currentStore(): CampaignStore | undefined {
    return this.#store.value;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    clearTimeout(this.#disposal);
    this.#announcer = Announcer.join(this);
    if (!this.hasUpdated) return;
    // Its store may have been disposed of while it was out of the page, and no property changes to make a new one.
    this.#provideStore();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#announcer?.leave();
    this.#changes?.unsubscribe();
    this.#announcer = undefined;
    this.#disposal = setTimeout(() => this.#disposeOwn(), GRACE_MS);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const source = ['src', 'adapter', 'store', 'lifecycles', 'verify'] as const;
    if (this.hasUpdated && (changed.has('adapter') || changed.has('store'))) this.#warnOfReplacements();
    if (source.some((name) => changed.has(name)) || !this.hasUpdated) {
      this.#disposeOwn();
      this.#provideStore();
    } else if ((['routes', 'translations', 'timeZone'] as const).some((name) => changed.has(name)))
      this.#provideSettings();
    if (changed.has('changeEvents')) this.#followChanges();
  }

  protected override draw(): void {
    drawTemplate(this, this.render());
  }

  protected render(): TemplateResult {
    const problem = this.unusable(this.#i18n) ?? this.#problem;
    return html`${problem ? html`<span class="problem" part="problem" role="note">${problem}</span>` : nothing}<slot
      ></slot>`;
  }

  #provideStore(): void {
    this.#problem = '';
    // Only while connected: nothing would dispose of a store made outside the page.
    const wired = !this.isUnusable('store') && !this.isUnusable('lifecycles');
    if (this.isConnected && !this.store && wired) this.#own ??= this.#makeStore();
    this.#store.setValue(this.store ?? this.#own);
    this.#followChanges();
    this.#provideSettings();
  }

  #followChanges(): void {
    this.#changes?.unsubscribe();
    this.#changes = undefined;
    if (this.changeEvents && this.isConnected)
      this.#changes = this.currentStore?.changes.subscribe((changes) =>
        this.dispatchEvent(new CampaignChangeEvent(changes)),
      );
  }

  #makeStore(): CampaignStore | undefined {
    try {
      const adapter = this.adapter ?? (this.src ? httpAdapter({ src: this.src }) : undefined);
      if (!adapter) {
        this.#problem = this.#i18n.format('setup.noSource');
        return undefined;
      }
      const defaultReport = consoleReport();
      return createCampaignStore({
        adapter,
        verify: this.verify,
        ...(this.lifecycles ? { lifecycles: this.lifecycles } : {}),
        // Read for each event, so that a new `report` function does not need a new store.
        report: (event) => (this.report ?? defaultReport)(event),
      });
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      console.error('<campaign-provider>:', error);
      return undefined;
    }
  }

  #provideSettings(): void {
    this.#settings.setValue({
      store: this.#store.value,
      i18n: this.#i18n,
      routes: this.routes,
      announce: (text, lang = this.#i18n.lang) => this.#announcer?.announce(text, lang),
    });
  }

  get #i18n(): Localizer {
    return localizerOf(this.translations, this.timeZone);
  }

  /** A host that makes an adapter or a store in its render function drops all rows and connections with each render. */
  #warnOfReplacements(): void {
    if (this.#hasWarned) return;
    this.#replacedAt = [...this.#replacedAt, performance.now()].slice(-MANY_REPLACEMENTS);
    const [first = 0] = this.#replacedAt;
    if (this.#replacedAt.length < MANY_REPLACEMENTS || performance.now() - first > REPLACED_WITHIN_MS) return;
    this.#hasWarned = true;
    console.warn(
      '<campaign-provider> got another adapter or store again and again, and each time it reads everything again; ' +
        'make it once, outside of your render function',
    );
  }

  #disposeOwn(): void {
    clearTimeout(this.#disposal);
    this.#own?.dispose();
    this.#own = undefined;
  }
}

/** Compares the items, because hosts often pass the same lifecycles in a new array at each render. */
function differ(some: readonly unknown[] | undefined, other: readonly unknown[] | undefined): boolean {
  if (!some || !other) return some !== other;
  return some.length !== other.length || some.some((one, index) => one !== other[index]);
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-provider': CampaignProvider;
  }
}
