import type { PropertyValues } from 'lit';
import { flows, python, type Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignStore } from '../../../store/types.ts';
import { statusEnglish } from '../../../i18n/en-status.ts';
import { addEnglish } from '../../../i18n/english-texts.ts';
import { english, localizerOf, type Localizer } from '../../../i18n/localizer.ts';
import type { Translations } from '../../../i18n/translations.ts';
import { type Announce, silent } from '../a11y/announce.ts';
import { settingsContext, storeContext, type Settings } from '../context/contexts.ts';
import { ContextValue } from '../context/context-value.ts';
import { noRoutes } from '../context/no-routes.ts';
import type { Routes } from '../../routes.ts';
import { toSettings } from '../context/settings-converter.ts';
import { text, toStore, toTranslations } from './converters.ts';
import { ConvertingElement, property } from './converting-element.ts';
import { markLanguage } from './mark-language.ts';
import { VERSION } from './version.ts';

addEnglish(statusEnglish);

const ownLifecycles: ReadonlyMap<string, Lifecycle> = new Map<string, Lifecycle>([
  [flows.system, flows],
  [python.system, python],
]);

/** Base of all elements of the kit: finds their store, texts, routes and lifecycles. */
export abstract class CampaignElement extends ConvertingElement {
  /** The version of the kit that this class is from. */
  static readonly version: string = VERSION;

  /** The store to show. Takes precedence over that of a surrounding provider. */
  @property({ attribute: false, converter: toStore }) store: CampaignStore | undefined;

  /** The campaign system, such as `flows` or `python`. */
  @property({ converter: text }) system = '';

  /** The texts to show and announce, in place of the provider's. */
  @property({ attribute: false, converter: toTranslations }) translations: Translations | undefined;

  /** The IANA time zone of times, such as `Europe/Berlin`, in place of the provider's. */
  @property({ attribute: 'time-zone', converter: text }) timeZone = '';

  /** What a provider would give, from an element or a host that has it already. Then no provider is asked. */
  @property({ attribute: false, converter: toSettings }) settings: Settings | undefined;

  readonly #providedSettings = new ContextValue(this, settingsContext);
  /** Only where the settings have no store. */
  #providedStore: ContextValue<CampaignStore> | undefined;
  /** The tree that it stands in. */
  #root: Node | undefined;
  /** The language that its attributes `lang` and `dir` were set for. */
  #marked: Localizer | undefined;
  #ownAnnounce: Announce | undefined;

  override connectedCallback(): void {
    this.askProvider();
    super.connectedCallback();
    this.#root = this.getRootNode();
    this.#marked = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#providedSettings.leave();
    this.#providedStore?.leave();
  }

  /**
   * Moved whole (by `moveBefore`) it stays as it is, with its subscriptions and what is open in it: a list that is sorted anew
   * moves all its rows. Only under another provider or in another tree it has to arrive like any other.
   *
   * @internal
   */
  connectedMoveCallback(): void {
    if (this.getRootNode() === this.#root && this.#providedHolds) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('settings')) this.askProvider();
  }

  protected override update(changed: PropertyValues): void {
    const { i18n } = this;
    // An element of the kit around this one has done it for both.
    if (!this.settings && i18n !== this.#marked) markLanguage(this, (this.#marked = i18n));
    super.update(changed);
  }

  /** Asks the provider for what it needs now, unless that was done: what it was given in place of that may have been taken away. */
  protected askProvider(): void {
    if (this.settings || !this.isConnected) return;
    this.#providedSettings.ask();
    if (this.needsStore && !hasStore(this.#providedSettings.value))
      (this.#providedStore ??= new ContextValue(this, storeContext)).ask();
  }

  get #providedHolds(): boolean {
    return this.#providedSettings.holds && (this.#providedStore?.holds ?? true);
  }

  /** True if it follows the store, and does not only send requests to it. */
  protected get needsStore(): boolean {
    return true;
  }

  /** The present store: the own one, else the provider's, else none. */
  protected get source(): CampaignStore | undefined {
    const settings = this.#settings;
    const fromSettings = this.settings || !this.needsStore || hasStore(settings);
    return this.store ?? (fromSettings ? settings?.store : this.#providedStore?.value);
  }

  get #settings(): Settings | undefined {
    return this.settings ?? this.#providedSettings.value;
  }

  /** The texts to show and announce. */
  protected get i18n(): Localizer {
    const provided = this.#settings?.i18n ?? english;
    if (!this.translations && !this.timeZone) return provided;
    return localizerOf(this.translations ?? provided.translations, this.timeZone || provided.timeZone);
  }

  /** The host's pages. */
  protected get routes(): Routes {
    return this.#settings?.routes ?? noRoutes;
  }

  /**
   * Announces through the provider's live region; does nothing without a provider. Not named `announce`: frameworks assign an attribute's value to a
   * property of the same name.
   */
  protected get speak(): Announce {
    if (!this.translations) return this.#settings?.announce ?? silent;
    return (this.#ownAnnounce ??= (text) => this.#settings?.announce(text, this.i18n.lang));
  }

  /** The text for a store that is needed and missing. */
  protected get missingStore(): string {
    return this.i18n.format(this.#settings ? 'setup.noBackend' : 'setup.noStore', { element: this.localName });
  }

  /** The lifecycles that are known here: the store's, else the kit's own. */
  protected get lifecycles(): ReadonlyMap<string, Lifecycle> {
    return this.source?.lifecycles ?? ownLifecycles;
  }
}

function hasStore(settings: Settings | undefined): boolean {
  return settings !== undefined && 'store' in settings;
}
