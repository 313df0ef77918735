import type { PropertyValues } from 'lit';
import type { CampaignRef, Timestamp } from '../../../adapters/contract.ts';
import type { Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView } from '../../../store/types.ts';
import { CampaignElement } from './campaign-element.ts';
import { millisecondsOf, text, time, toLifecycle, words } from './converters.ts';
import { property } from './converting-element.ts';
import { StoreController } from '../context/store-controller.ts';
import { plainView } from './plain-view.ts';

/** An element that shows one campaign: of the store by its id, or as the host describes it by plain attributes. */
export abstract class CampaignViewElement extends CampaignElement {
  /** The id of the campaign. With a store, the campaign is followed there. */
  @property({ attribute: 'campaign-id', converter: text }) campaignId = '';

  /** Without a store: the status. */
  @property({ converter: text }) status = '';

  /** Without a store: the backend's message. */
  @property({ converter: text }) message = '';

  /** Without a store: the campaign's name. */
  @property({ converter: text }) name = '';

  /** Without a store: when the message, or without one the status, became true. ISO 8601 or ms since 1970. */
  @property({ converter: time }) at: Timestamp | undefined;

  /** Without a store: the prerequisites that are missing, separated by spaces or as a list. */
  @property({ converter: words }) missing: string | readonly string[] | undefined;

  /** Without a store: the lifecycle of a system that the kit does not know. */
  @property({ attribute: false, converter: toLifecycle }) lifecycle: Lifecycle | undefined;

  readonly #campaign = new StoreController<CampaignView>(
    this,
    () => (this.source && this.system && this.campaignId ? this.source.campaign(this.ref) : undefined),
    (view, before) => this.viewChanged(view, before),
  );

  /** Names the campaign. */
  get ref(): CampaignRef {
    return { system: this.system, id: this.campaignId };
  }

  /** What is shown now; `undefined` while a {@link problem} prevents it. */
  get view(): CampaignView | undefined {
    if (this.#campaign.following) return this.#campaign.value;
    if (this.source && this.campaignId) return undefined;
    if (!this.status) return undefined;
    const { missing } = this;
    return plainView(this.ref, this.currentLifecycle, {
      status: this.status,
      message: this.message,
      name: this.name,
      at: millisecondsOf(this.at),
      missing: typeof missing === 'string' ? missing.split(/\s+/).filter(Boolean) : missing,
    });
  }

  /** The lifecycle of the system that is shown. */
  protected get currentLifecycle(): Lifecycle | undefined {
    return this.lifecycles.get(this.system) ?? (this.lifecycle?.system === this.system ? this.lifecycle : undefined);
  }

  /** True while the campaign comes from the store. */
  protected get connected(): boolean {
    return this.#campaign.following;
  }

  /** The text of the setup mistake that keeps the element from showing a campaign; `undefined` if there is none. */
  protected get problem(): string | undefined {
    const unusable = this.unusable(this.i18n);
    if (unusable !== undefined) return unusable;
    if (this.system && !this.currentLifecycle)
      return this.i18n.format('setup.unknownSystem', {
        system: this.system,
        known: this.i18n.list([...this.lifecycles.keys()]),
      });
    if (this.view) return undefined;
    if (this.source || !this.campaignId) return this.i18n.format('setup.noCampaign', { element: this.localName });
    return this.missingStore;
  }

  // Lit tells controllers of an update only after this; what looks at the view here must not see the campaign before.
  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#campaign.hostUpdate();
  }

  /** Called with each new view of the followed campaign, after the first. */
  protected viewChanged(_view: CampaignView, _before: CampaignView): void {}
}
