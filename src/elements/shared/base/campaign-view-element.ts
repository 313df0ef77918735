import type { PropertyValues } from 'lit';
import type { CampaignRef, Timestamp } from '../../../adapters/contract.ts';
import type { Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView, Live } from '../../../store/types.ts';
import { CampaignElement } from './campaign-element.ts';
import { millisecondsOf, text, time, toLifecycle, toView, words } from './converters.ts';
import { property } from './converting-element.ts';
import { StoreController } from '../context/store-controller.ts';
import { plainView } from './plain-view.ts';
import { sameCampaign } from './same-campaign.ts';

/** An element that shows one campaign: of the store by its id, by a view that it is given, or as plain attributes describe it. */
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

  /** Only where there is a store to follow the campaign in. */
  #campaign: StoreController<CampaignView> | undefined;
  /** The campaign of the latest update. */
  #ref: CampaignRef | undefined;
  /** The campaign that the attributes name. */
  #named: CampaignRef | undefined;
  #isOther = true;
  #given: CampaignView | undefined;

  /** Names the campaign. */
  get campaignRef(): CampaignRef {
    if (this.#given) return this.#given.ref;
    const { system, campaignId: id } = this;
    const named = this.#named;
    return named?.id === id && named.system === system ? named : (this.#named = { system, id });
  }

  /**
   * What is shown now; `undefined` while a setup mistake prevents it. Whoever follows the campaign already, such as a row of a
   * list, sets it: then nothing is followed here, and `system`, `campaign-id` and the plain attributes are not read. `undefined`
   * takes it away.
   */
  get view(): CampaignView | undefined {
    return this.currentView();
  }
  set view(value: CampaignView | undefined) {
    const view = this.usable('view', toView(value));
    if (view === this.#given) return;
    const before = this.#given;
    this.#given = view;
    if (!view) this.askProvider();
    this.requestUpdate();
    if (view && before && sameCampaign(view.ref, before.ref)) this.viewChanged(view, before);
  }

  protected override get needsStore(): boolean {
    return this.#given === undefined && this.campaignId !== '';
  }

  /** The view before an element changes it for its own use. */
  protected currentView(): CampaignView | undefined {
    if (this.#given) return this.#given;
    if (this.#campaign?.following) return this.#campaign.value;
    if (this.source && this.campaignId) return undefined;
    return this.describedView;
  }

  /** The campaign as the plain attributes describe it; `undefined` without a status. */
  protected get describedView(): CampaignView | undefined {
    if (!this.status) return undefined;
    const { missing } = this;
    return plainView(this.campaignRef, this.currentLifecycle, {
      status: this.status,
      message: this.message,
      name: this.name,
      at: millisecondsOf(this.at),
      missing: typeof missing === 'string' ? missing.split(/\s+/).filter(Boolean) : missing,
    });
  }

  /** The lifecycle of the system that is shown. */
  protected get currentLifecycle(): Lifecycle | undefined {
    const { system } = this.campaignRef;
    return this.lifecycles.get(system) ?? (this.lifecycle?.system === system ? this.lifecycle : undefined);
  }

  /** True while the campaign comes from the store. */
  protected get connected(): boolean {
    return this.#given !== undefined || (this.#campaign?.following ?? false);
  }

  /** True if this update is the first one of another campaign. */
  protected get isOtherCampaign(): boolean {
    return this.#isOther;
  }

  /** The text of the setup mistake that keeps the element from showing a campaign; `undefined` if there is none. */
  protected get problem(): string | undefined {
    const unusable = this.unusable(this.i18n);
    if (unusable !== undefined) return unusable;
    const { system } = this.campaignRef;
    if (system && !this.currentLifecycle)
      return this.i18n.format('setup.unknownSystem', {
        system,
        known: this.i18n.list([...this.lifecycles.keys()]),
      });
    if (this.connected || (this.status && !(this.source && this.campaignId))) return undefined;
    if (this.source || !this.campaignId) return this.i18n.format('setup.noCampaign', { element: this.localName });
    return this.missingStore;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  // Lit runs the controllers only after this; what looks at the view here must not see the campaign before.
  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('campaignId')) this.askProvider();
    this.#follow();
    this.#campaign?.hostUpdate();
    const { campaignRef } = this;
    this.#isOther = !this.#ref || !sameCampaign(campaignRef, this.#ref);
    this.#ref = campaignRef;
  }

  #follow(): void {
    if (this.#campaign || !this.#followed) return;
    this.#campaign = new StoreController<CampaignView>(
      this,
      () => this.#followed,
      (view, before) => this.viewChanged(view, before),
    );
  }

  get #followed(): Live<CampaignView> | undefined {
    return this.needsStore && this.system && this.campaignId ? this.source?.campaign(this.campaignRef) : undefined;
  }

  /** Called with each new view of the followed campaign, after the first. */
  protected viewChanged(_view: CampaignView, _before: CampaignView): void {}
}
