import { flows, python, type Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignStore } from '../../../store/types.ts';
import { english, type Localizer } from '../../../i18n/index.ts';
import { type Announce, silent } from '../a11y/announcer.ts';
import { settingsContext, storeContext } from '../context/contexts.ts';
import { ContextValueController } from '../context/context-value-controller.ts';
import { noRoutes, type Routes } from '../../routes.ts';
import { text, toStore } from './converters.ts';
import { ConvertingElement, property } from './converting-element.ts';
import { VERSION } from './version.ts';

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

  readonly #providedStore = new ContextValueController(this, storeContext, () => this.requestUpdate());
  readonly #settings = new ContextValueController(this, settingsContext, () => this.requestUpdate());
  /** The tree that it stands in. */
  #root: Node | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#root = this.getRootNode();
  }

  /**
   * Moved whole (by `moveBefore`) it stays as it is, with its subscriptions and what is open in it: a list that is sorted anew
   * moves all its rows. Only under another provider or in another tree it has to arrive like any other.
   *
   * @internal
   */
  connectedMoveCallback(): void {
    if (this.getRootNode() === this.#root && this.#providedStore.holds && this.#settings.holds) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  /** The present store: the own one, else the provider's, else none. */
  protected get source(): CampaignStore | undefined {
    return this.store ?? this.#providedStore.value;
  }

  /** The texts to show and announce. */
  protected get i18n(): Localizer {
    return this.#settings.value?.i18n ?? english;
  }

  /** The host's pages. */
  protected get routes(): Routes {
    return this.#settings.value?.routes ?? noRoutes;
  }

  /**
   * Announces through the provider's live region; does nothing without a provider. Not named `announce`: frameworks assign an attribute's value to a
   * property of the same name.
   */
  protected get speak(): Announce {
    return this.#settings.value?.announce ?? silent;
  }

  /** The text for a store that is needed and missing. */
  protected get missingStore(): string {
    return this.i18n.format(this.#settings.value ? 'setup.noBackend' : 'setup.noStore', { element: this.localName });
  }

  /** The lifecycles that are known here: the store's, else the kit's own. */
  protected get lifecycles(): ReadonlyMap<string, Lifecycle> {
    return this.source?.lifecycles ?? ownLifecycles;
  }
}
