import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import '../../i18n/en.ts';
import { recoverySteps } from '../../lifecycle/index.ts';
import type { CampaignView, DependencyView, Diagnosis } from '../../store/types.ts';
import { CampaignActionButton } from '../campaign-action-button/campaign-action-button.ts';
import { logPart } from '../campaign-log/log-part.ts';
import { isOwnRequest } from '../shared/a11y/is-own-request.ts';
import { numberOr } from '../shared/base/converters.ts';
import { defineElement } from '../shared/base/define-element.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignViewElement } from '../shared/base/campaign-view-element.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { CopyController } from '../shared/controllers/copy-controller.ts';
import { dependencyStyles } from '../shared/text/dependency-text.ts';
import { statusTexts, visibleText } from '../shared/text/status-text.ts';
import { embeddedButton, embeddedLog } from '../shared/templates/embedded-elements.ts';
import { StoreController } from '../shared/context/store-controller.ts';
import { HistoryDisclosure } from '../shared/history/history-disclosure.ts';
import { historySubject } from '../shared/history/history-subject.ts';
import { glyph } from '../shared/templates/icons.ts';
import { heading } from '../shared/templates/heading.ts';
import { hostLinkStyles } from '../shared/templates/host-link.ts';
import { isolateText } from '../shared/text/isolate-text.ts';
import { panelStyles } from '../shared/styles/panel.styles.ts';
import { caveatText, statusLabel } from '../shared/text/labels.ts';
import { ResizeController } from '../shared/controllers/resize-controller.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { containPresses } from '../shared/base/press-containment.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { ClockController } from '../shared/controllers/clock-controller.ts';
import { drawTemplate } from '../shared/templates/draw-template.ts';
import { html } from '../shared/templates/html.ts';
import { advance, tickByHand, type RecoverySession } from './recovery-session.ts';
import { SessionMemory } from './session-memory.ts';
import { styles } from './recovery-guide.styles.ts';
import { isDone, stepsOf, stepTemplate, stepText, type StepFacts } from './steps.ts';
import { StepTransitions } from './step-transitions.ts';
import { errorSummary } from './error-summary.ts';

/**
 * Leads a campaign out of its error, step by step: what went wrong, what to look at, and the next action at hand.
 *
 * Steps tick themselves from live data where the adapter has it, and by hand where it has not. Once begun, the steps stay until
 * the last one that ticks itself is done, or someone closes the guide, whatever status the campaign passes through.
 *
 * @summary Leads a campaign out of its error, step by step.
 * @tag recovery-guide
 *
 * @fires {CampaignActionEvent} campaign-action - The user asked for an action. Cancelable.
 * @fires {CampaignOutcomeEvent} campaign-outcome - An action asked for here has an outcome.
 * @fires {CampaignNavigateEvent} campaign-navigate - The user wants a page of the host's. Cancelable: then its link is not followed.
 *
 * @csspart guide - The panel.
 * @csspart heading - The heading.
 * @csspart progress - How many steps are done.
 * @csspart close - The button that closes the guide.
 * @csspart error - What went wrong.
 * @csspart message - The error message.
 * @csspart cause - The channel or agent that the error comes from, with its state now.
 * @csspart steps - The list of steps.
 * @csspart step - One step.
 * @csspart action - The `campaign-action-button` in a step.
 * @csspart log-button - The button that opens the engine log in a step.
 * @csspart log - The `campaign-log` in a step, while it is open.
 * @csspart link - A link to a page of the host's.
 * @csspart history-button - The button that opens the history. Absent if the adapter has none.
 * @csspart history - The history, while it is open.
 * @csspart history-entry - One entry of the history, or several equal ones.
 * @csspart history-more - The button that reads older entries.
 * @csspart history-retry - The button that reads the history again after a failure.
 * @csspart recovered - The text that the campaign has recovered.
 * @csspart notice - Says that this is only the last known status, or that there is nothing to recover.
 * @csspart problem - Says what keeps the element from showing a campaign.
 *
 * @cssstate open - Steps are shown.
 * @cssstate recovered - The last step is done.
 * @cssstate empty - Nothing is shown: there is nothing to recover, and `quiet` is set.
 *
 */
export class RecoveryGuide extends CampaignViewElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    controlStyles,
    panelStyles,
    hostLinkStyles,
    dependencyStyles,
    styles,
  ];

  /** The level of the heading, 1 to 6. */
  @property({ attribute: 'heading-level', converter: numberOr(3) }) headingLevel = 3;

  /** Shows nothing while there is nothing to recover. */
  @property({ type: Boolean, reflect: true }) quiet = false;

  readonly #states = new CustomStates(this);
  readonly #own = new SessionMemory();
  readonly #diagnosis = new StoreController<Diagnosis>(this, () => this.#diagnosisInUse());
  readonly #log = logPart(this);
  readonly #copying = new CopyController(this);
  readonly #turns = new StepTransitions();
  #historyOpen = false;
  readonly #history = new HistoryDisclosure(this, {
    subject: () => {
      const { source, connected, view, campaignRef: ref, i18n, currentLifecycle: lifecycle } = this;
      return historySubject({ source, connected, view, ref, i18n, lifecycle });
    },
    open: () => this.#historyOpen,
    toggle: () => {
      this.#historyOpen = !this.#historyOpen;
      this.requestUpdate();
    },
  });
  /** The id of the step in which the log is open. */
  #logIn: string | undefined;
  /** The next change was requested on this page: the action button announces it, so the guide does not. */
  #ownRequest = false;
  /** Where the focus goes after this update: the first of these that is there. */
  #focusNext: readonly string[] | undefined;

  constructor() {
    super();
    containPresses(this);
    new ClockController(this);
    new ResizeController(
      this,
      () => this.#messageBox,
      () => this.#reachable(),
    );
  }

  override connectedCallback(): void {
    // A host that defines a subclass under another name has not defined these.
    defineElement('campaign-action-button', CampaignActionButton);
    super.connectedCallback();
  }

  get #messageBox(): HTMLElement | null {
    return this.renderRoot.querySelector('.message');
  }

  /** Closes the guide until the next error. */
  close(): void {
    const session = this.#session;
    if (session) this.#remember({ ...session, ended: 'closed' });
  }

  /** Shows the steps again after {@link close}, while the campaign still needs them. */
  reopen(): void {
    const session = this.#session;
    if (session?.ended !== 'closed') return;
    const { ended: _, ...open } = session;
    this.#remember(open);
  }

  protected override viewChanged(view: CampaignView, before: CampaignView): void {
    this.#ownRequest ||= isOwnRequest(view, before, this.currentLifecycle);
    this.#advance();
  }

  protected override update(changed: PropertyValues<this>): void {
    const focus = this.shadowRoot?.activeElement ?? undefined;
    this.#advance();
    this.#announceTransitions();
    super.update(changed);
    // An action that was done takes its button along; the focus goes on to what comes next.
    if (focus && !focus.isConnected) this.#focusNext ??= ['[aria-current=step]', '.guide', '.note'];
  }

  protected override updated(): void {
    const next = this.#focusNext;
    this.#focusNext = undefined;
    for (const place of next ?? []) {
      const element = this.renderRoot.querySelector<HTMLElement>(place);
      if (!element) continue;
      element.focus();
      return;
    }
  }

  // --- the session

  get #memory(): SessionMemory {
    return this.source && this.connected ? SessionMemory.of(this.source) : this.#own;
  }

  get #session(): RecoverySession | undefined {
    return this.#memory.get(this.campaignRef);
  }

  #remember(session: RecoverySession | undefined): void {
    this.#memory.set(this.campaignRef, session);
    this.requestUpdate();
  }

  #advance(dependencies = this.#dependencies): void {
    const { view } = this;
    if (!view) return;
    const before = this.#session;
    const session = advance(before, view, this.currentLifecycle, dependencies);
    if (session !== before) this.#memory.set(this.campaignRef, session);
  }

  get #dependencies(): readonly DependencyView[] {
    return this.#diagnosis.value?.dependencies ?? [];
  }

  #diagnosisInUse() {
    if (!this.connected) return undefined;
    // What is known of dependencies may still be that of the campaign before.
    this.#advance([]);
    const session = this.#session;
    return session && !session.ended ? this.source?.diagnosis(this.campaignRef) : undefined;
  }

  /** Announces each step that changed by live data. When recovery is complete, it announces only that. */
  #announceTransitions(): void {
    const ownRequest = this.#ownRequest;
    this.#ownRequest = false;
    const { view, i18n, currentLifecycle: lifecycle } = this;
    const session = this.#session;
    if (!view || !session || session.ended === 'closed') return this.#turns.forget();
    const facts = { status: view.status, dependencies: this.#dependencies };
    const { turned, recovered } = this.#turns.look(session, recoverySteps(lifecycle, session.entered), facts);
    if (recovered && !ownRequest) this.speak(i18n.format('guide.done', this.#named(view)));
    if (session.ended) return;
    // The action button has already announced what was requested on this page.
    const news = turned.filter(({ step }) => !(ownRequest && step.done && 'status' in step.done));
    const texts = news.map(({ step, number, done }) =>
      i18n.format(done ? 'guide.spoken.done' : 'guide.spoken.undone', {
        number,
        text: stepText(i18n, lifecycle, session.entered, step),
      }),
    );
    if (texts.length) this.speak(texts.join(' '));
  }

  #named(view: CampaignView): { name: string; label: string } {
    const name = visibleText(view.name) || this.i18n.format('guide.unnamed');
    return { name, label: statusLabel(this.i18n, this.currentLifecycle, view.status) };
  }

  // --- focus

  /** Only what scrolls needs to be reached by keyboard. */
  #reachable(): void {
    const messageBox = this.#messageBox;
    if (!messageBox) return;
    if (messageBox.scrollHeight > messageBox.clientHeight) messageBox.setAttribute('tabindex', '0');
    else messageBox.removeAttribute('tabindex');
  }

  readonly #pressedClose = (): void => {
    this.#focusNext = ['.reopen', '.note'];
    this.close();
  };

  readonly #pressedReopen = (): void => {
    this.#focusNext = ['.guide'];
    this.reopen();
  };

  // --- what is shown

  #mark(name: 'open' | 'recovered' | 'empty' | undefined): void {
    this.#states.replace({ open: name === 'open', recovered: name === 'recovered', empty: name === 'empty' });
  }

  async #copy(text: string): Promise<void> {
    const outcome = await this.#copying.copy(text);
    this.speak(this.i18n.format(outcome === 'copied' ? 'guide.copied' : 'guide.copyFailed'));
  }

  #stepFacts(session: RecoverySession, view: CampaignView): StepFacts {
    const { i18n, routes, currentLifecycle: lifecycle } = this;
    return {
      i18n,
      routes,
      lifecycle,
      session,
      view,
      diagnosis: this.#diagnosis.value,
      button: (action) => embeddedButton(this, nothing, action),
      log: this.connected ? () => this.#log.render(this.i18n, () => embeddedLog(this)) : undefined,
      logIn: this.#logIn,
      toggleLog: (step) => this.#toggleLog(step),
      tick: this.#ticked,
    };
  }

  #toggleLog(step: string): void {
    this.#logIn = this.#logIn === step ? undefined : step;
    this.requestUpdate();
  }

  readonly #ticked = (step: string, done: boolean): void => {
    const session = this.#session;
    if (session) this.#remember(tickByHand(session, step, done));
  };

  #guide(session: RecoverySession, view: CampaignView): TemplateResult {
    const { i18n, currentLifecycle: lifecycle } = this;
    const facts = this.#stepFacts(session, view);
    const steps = stepsOf(facts);
    const done = steps.filter(isDone).length;
    return html`<div class="guide panel" part="guide" role="group" aria-labelledby="heading" tabindex="-1">
      <div class="head">
        ${heading(
          this.headingLevel,
          view.name
            ? isolateText(this.i18n, 'guide.title', { name: visibleText(view.name) })
            : this.i18n.format('guide.title.plain'),
        )}
        <span class="progress says" part="progress"
          >${this.i18n.format('guide.progress', { done, total: steps.length })}</span
        >
        ${this.#closeButton()}
      </div>
      ${this.#caveat(view)}
      ${errorSummary({
        i18n,
        lifecycle,
        session,
        diagnosis: this.#diagnosis.value,
        now: this.source?.now() ?? Date.now(),
        copied: this.#copying.outcome,
        copy: (message) => void this.#copy(message),
      })}
      <ol class="steps" part="steps" role="list" aria-label=${i18n.format('guide.steps')}>
        ${steps.map((step) => stepTemplate(facts, step, steps))}
      </ol>
      ${this.#history.button()} ${this.#history.region()}
    </div>`;
  }

  #recovered(view: CampaignView): TemplateResult {
    return html`<div class="guide recovered panel" part="guide" role="group" aria-labelledby="recovered" tabindex="-1">
      <span class="marker done">${glyph('check')}</span>
      <div class="text">
        <p id="recovered" class="says" part="recovered">${isolateText(this.i18n, 'guide.done', this.#named(view))}</p>
        ${this.#caveat(view)}
      </div>
      ${this.#closeButton()}
    </div>`;
  }

  #caveat(view: CampaignView): TemplateResult | typeof nothing {
    const caveat = caveatText(this.i18n, view);
    return caveat ? html`<p class="note caveat" part="notice">${glyph('clock')}<span>${caveat}</span></p>` : nothing;
  }

  #closeButton(): TemplateResult {
    const label = this.i18n.format('guide.close');
    return html`<button
      class="button small bare icon close"
      part="close"
      type="button"
      aria-label=${label}
      title=${label}
      @click=${this.#pressedClose}
    >
      ${glyph('cross')}
    </button>`;
  }

  #closed(): TemplateResult {
    return html`<button class="button small reopen" type="button" @click=${this.#pressedReopen}>
      ${this.i18n.format('guide.reopen')}
    </button>`;
  }

  #withoutSteps(view: CampaignView): TemplateResult | typeof nothing {
    if (this.quiet) return nothing;
    // An error whose lifecycle lists no steps is still an error.
    const healthy = view.presence === 'present' && view.known && view.tone !== 'red';
    const { label, lead, next } = statusTexts(this.i18n, this.currentLifecycle, view);
    const otherwise = view.presence === 'loading' && !view.loadError ? label : `${lead} ${next}`;
    const text = healthy ? isolateText(this.i18n, 'guide.healthy', this.#named(view)) : otherwise;
    return html`<p class="note" part="notice" tabindex="-1">
      ${glyph(healthy && !view.stale ? 'check' : 'info')}<span>${text} ${caveatText(this.i18n, view)}</span>
    </p>`;
  }

  protected override draw(): void {
    drawTemplate(this, this.render());
  }

  protected render(): TemplateResult | typeof nothing {
    const { view } = this;
    const { problem } = this;
    const session = view && problem === undefined ? this.#session : undefined;
    const ended = session?.ended;
    const idle = view && problem === undefined && !session ? this.#withoutSteps(view) : undefined;
    this.#mark(
      session && !ended ? 'open' : ended && ended !== 'closed' ? 'recovered' : idle === nothing ? 'empty' : undefined,
    );
    if (!view || problem !== undefined) return html`<p class="problem" part="problem">${problem}</p>`;
    if (!session) return idle ?? nothing;
    if (ended === 'closed') return this.#closed();
    return ended ? this.#recovered(view) : this.#guide(session, view);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'recovery-guide': RecoveryGuide;
  }
}
