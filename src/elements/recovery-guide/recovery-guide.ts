import { html, nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Dependency } from '../../adapters/contract.ts';
import { recoverySteps, type RecoveryStep } from '../../lifecycle/index.ts';
import type { CampaignView, Diagnosis } from '../../store/face.ts';
import { askedHere } from '../shared/asked-here.ts';
import { CampaignViewElement } from '../shared/campaign-view-element.ts';
import { controls } from '../shared/controls.ts';
import { Copying } from '../shared/copying.ts';
import { visibleText } from '../shared/describe.ts';
import { embeddedButton } from '../shared/embedded-button.ts';
import { Follower } from '../shared/follower.ts';
import { glyph } from '../shared/glyphs.ts';
import { heading } from '../shared/heading.ts';
import { hostLink, hostLinkStyles } from '../shared/host-link.ts';
import { icon, type IconName } from '../shared/icons.ts';
import { isolated } from '../shared/isolated.ts';
import { panelStyles } from '../shared/panel.styles.ts';
import { dependencyName, reasonText, staleText, statusLabel, statusMeaning, verb } from '../shared/phrases.ts';
import { Resized } from '../shared/resized.ts';
import { CustomStates } from '../shared/states.ts';
import { theme } from '../shared/theme.ts';
import { Ticking } from '../shared/ticking.ts';
import { advance, checkedLive, stepState, tickByHand, type Episode, type StepState } from './episode.ts';
import { Memory } from './memory.ts';
import { styles } from './recovery-guide.styles.ts';

interface Shown {
  readonly step: RecoveryStep;
  readonly number: number;
  readonly state: StepState;
  readonly current: boolean;
}

const dependencyIcons: { readonly [state in Dependency['state']]: IconName } = {
  running: 'check',
  stopped: 'square',
  error: 'cross',
  unknown: 'unknown',
};

/**
 * Leads a campaign out of its error, step by step: what went wrong, what to look at, and the next action at hand.
 *
 * Steps tick themselves from live data where the adapter can tell, and by hand where it can't. Once begun, the steps stay until
 * the last one that ticks itself is done, or someone closes the guide, whatever status the campaign passes through.
 *
 * @summary Leads a campaign out of its error, step by step.
 * @tag recovery-guide
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
 * @csspart recovered - Says that the campaign is well again.
 * @csspart notice - Says that this is only the last known status, or that there is nothing to recover.
 * @csspart problem - Says what keeps the element from showing a campaign.
 *
 * @cssstate open - Steps are shown.
 * @cssstate recovered - The last step is done.
 * @cssstate empty - Nothing is shown: there is nothing to recover, and `quiet` is set.
 *
 * @cssproperty [--campaign-radius-panel=10px] - The radius of the panel.
 * @cssproperty [--campaign-font-size=13px] - The size that all others follow.
 */
export class RecoveryGuide extends CampaignViewElement {
  static override readonly styles: CSSResultGroup = [theme, controls, panelStyles, hostLinkStyles, styles];

  /** The level of the heading, 1 to 6. */
  @property({ type: Number, attribute: 'heading-level' }) headingLevel = 3;

  /** Shows nothing while there is nothing to recover. */
  @property({ type: Boolean, reflect: true }) quiet = false;

  @state() private openLog: string | undefined;

  @query('.message') private readonly messageBox!: HTMLElement | null;

  readonly #states = new CustomStates(this);
  readonly #own = new Memory();
  readonly #diagnosis = new Follower<Diagnosis>(this, () => this.#diagnosisInUse());
  readonly #copying = new Copying(this);
  /** What was last known of each self-ticking step of the episode, to tell when it turns. */
  #known = new Map<string, boolean>();
  #knownOf: Episode | undefined;
  /** The change to come was asked for on this page, so the button says it. */
  #asked = false;
  /** Where the focus goes after this update: the first of these that is there. */
  #focusNext: readonly string[] | undefined;

  constructor() {
    super();
    new Ticking(this);
    new Resized(
      this,
      () => this.messageBox,
      () => this.#reachable(),
    );
  }

  /** Closes the guide until the next error. */
  close(): void {
    const episode = this.#episode;
    if (episode) this.#remember({ ...episode, ended: 'closed' });
  }

  /** Shows the steps again after {@link close}, while the campaign still needs them. */
  reopen(): void {
    const episode = this.#episode;
    if (episode?.ended !== 'closed') return;
    const { ended: _, ...open } = episode;
    this.#remember(open);
  }

  protected override viewChanged(view: CampaignView, before: CampaignView): void {
    this.#asked ||= askedHere(view, before, this.currentLifecycle);
    this.#advance();
  }

  protected override update(changed: PropertyValues<this>): void {
    const focus = this.shadowRoot?.activeElement ?? undefined;
    this.#advance();
    this.#sayTurns();
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

  // --- the episode

  get #memory(): Memory {
    return this.source && this.connected ? Memory.of(this.source) : this.#own;
  }

  get #episode(): Episode | undefined {
    return this.#memory.get(this.ref);
  }

  #remember(episode: Episode | undefined): void {
    this.#memory.set(this.ref, episode);
    this.requestUpdate();
  }

  #advance(dependencies = this.#dependencies): void {
    const { view } = this;
    if (!view) return;
    const before = this.#episode;
    const episode = advance(before, view, this.currentLifecycle, dependencies);
    if (episode !== before) this.#memory.set(this.ref, episode);
  }

  get #dependencies(): readonly Dependency[] {
    return this.#diagnosis.value?.dependencies ?? [];
  }

  #diagnosisInUse() {
    if (!this.connected) return undefined;
    // What is known of dependencies may still be that of the campaign before.
    this.#advance([]);
    const episode = this.#episode;
    return episode && !episode.ended ? this.source?.diagnosis(this.ref) : undefined;
  }

  #steps(episode: Episode, view: CampaignView): readonly Shown[] {
    const facts = { status: view.status, dependencies: this.#dependencies };
    const shown = recoverySteps(this.currentLifecycle, episode.entered).map((step, index) => ({
      step,
      number: index + 1,
      state: stepState(step, facts, episode.byHand),
    }));
    const current = shown.find(({ state }) => state === 'todo' || state === 'unknown')?.number;
    return shown.map((one) => ({ ...one, current: one.number === current }));
  }

  /** Says each step that turned by itself, once; when the last one did, only that the campaign is well again. */
  #sayTurns(): void {
    const asked = this.#asked;
    this.#asked = false;
    const { view } = this;
    const episode = this.#episode;
    if (!view || !episode || episode.ended === 'closed') {
      this.#known.clear();
      this.#knownOf = undefined;
      return;
    }
    const begun = !this.#knownOf || this.#knownOf.error !== episode.error;
    const wasOpen = !begun && !this.#knownOf?.ended;
    if (begun) this.#known.clear();
    this.#knownOf = episode;
    const facts = { status: view.status, dependencies: this.#dependencies };
    const said: string[] = [];
    for (const [index, step] of recoverySteps(this.currentLifecycle, episode.entered).entries()) {
      const done = checkedLive(step, facts);
      if (done === undefined) continue;
      const before = this.#known.get(step.id);
      this.#known.set(step.id, done);
      const own = asked && step.done && 'status' in step.done;
      if (before !== undefined && before !== done && !own)
        said.push(
          this.words.say(done ? 'guide.spoken.done' : 'guide.spoken.undone', {
            number: index + 1,
            text: this.#stepText(episode, step),
          }),
        );
    }
    if (episode.ended) {
      if (wasOpen && !asked) this.announce(this.words.say('guide.done', this.#named(view)));
    } else if (said.length) this.announce(said.join(' '));
  }

  #named(view: CampaignView): { name: string; label: string } {
    const name = visibleText(view.name) || this.words.say('guide.unnamed');
    return { name, label: statusLabel(this.words, this.currentLifecycle, view.status) };
  }

  #stepText({ entered }: Episode, { id, text }: RecoveryStep): string {
    return this.words.term(`${this.system}.recovery.${entered}.${id}.text`, text);
  }

  // --- focus

  /** Only what scrolls needs to be reached by keyboard. */
  #reachable(): void {
    const { messageBox } = this;
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

  #dependencyName({ kind, name, id }: { kind: string; name?: string; id: string }): string {
    return dependencyName(this.words, visibleText(kind), visibleText(name || id));
  }

  #stateOf({ state }: Dependency): TemplateResult {
    const broken = state === 'stopped' || state === 'error';
    return html`<span class="state-of" data-tone=${broken ? 'red' : nothing}
      >${icon(dependencyIcons[state])}${this.words.say(`dependency.${state}`)}</span
    >`;
  }

  #cause({ error: { cause } }: Episode): TemplateResult | typeof nothing {
    if (!cause) return nothing;
    const now = this.#dependencies.find(({ kind, id }) => kind === cause.kind && id === cause.id);
    return html`<p class="cause" part="cause">
      <span>${isolated(this.words, 'guide.cause', { name: this.#dependencyName(cause) })}</span>
      ${now ? this.#stateOf(now) : nothing}
    </p>`;
  }

  #error(episode: Episode): TemplateResult {
    const { message, truncated, at } = episode.error;
    const { outcome } = this.#copying;
    const now = this.source?.now() ?? Date.now();
    return html`<div class="error" part="error" data-tone="red">
      <div class="error-head">
        <span class="error-title" id="error-title">${this.words.say('guide.error')}</span>
        ${
          at === undefined
            ? nothing
            : html`<time class="at" datetime=${new Date(at).toISOString()} title=${this.words.dateTime(at)}
                >${this.words.roughlyAgo(now - at)}</time
              >`
        }
        ${
          message
            ? html`<button class="button small bare copy" type="button" @click=${() => void this.#copy(message)}>
                ${outcome === 'copied' ? glyph('check') : nothing}
                ${this.words.say(
                  outcome === 'copied' ? 'guide.copied' : outcome === 'failed' ? 'guide.copyFailed' : 'guide.copy',
                )}
              </button>`
            : nothing
        }
      </div>
      <div
        class="message"
        part="message"
        role="group"
        aria-labelledby="error-title"
        dir="auto"
        .textContent=${visibleText(message) || statusMeaning(this.words, this.currentLifecycle, episode.entered)}
      ></div>
      ${truncated ? html`<p class="note">${this.words.say('status.truncated')}</p>` : nothing} ${this.#cause(episode)}
    </div>`;
  }

  async #copy(text: string): Promise<void> {
    const outcome = await this.#copying.copy(text);
    this.announce(this.words.say(outcome === 'copied' ? 'guide.copied' : 'guide.copyFailed'));
  }

  #marker({ number, state, current }: Shown): TemplateResult {
    const done = state === 'live' || state === 'hand';
    return html`<span class="marker ${done ? 'done' : current ? 'current' : ''}" aria-hidden="true"
      >${done ? glyph('check') : this.words.number(number)}</span
    >`;
  }

  #stateText(state: StepState, view: CampaignView): string {
    return this.words.say(state === 'live' && view.stale ? 'guide.state.lastKnown' : `guide.state.${state}`);
  }

  #step(shown: Shown, all: readonly Shown[], episode: Episode, view: CampaignView): TemplateResult {
    const { step, state, current, number } = shown;
    const manual = checkedLive(step, { status: view.status, dependencies: this.#dependencies }) === undefined;
    const text = this.#stepText(episode, step);
    return html`<li
      class=${state === 'live' || state === 'hand' ? 'step done' : 'step'}
      part="step"
      aria-current=${current ? 'step' : nothing}
      tabindex="-1"
    >
      ${this.#marker(shown)}
      <div class="body">
        <div class="line">
          <span class="text" id="text-${number}">${text}</span>
          <span class=${state === 'todo' || state === 'hand' ? 'visually-hidden' : 'state'}
            >${this.#stateText(state, view)}</span
          >
          ${manual ? this.#checkbox(shown) : nothing}
        </div>
        ${this.#offer(shown, all, episode, view)}
      </div>
    </li>`;
  }

  #checkbox({ step, state, number }: Shown): TemplateResult {
    return html`<label class="check"
      ><input
        type="checkbox"
        aria-labelledby="mark-${number} text-${number}"
        .checked=${state === 'hand'}
        @change=${(event: Event) => this.#ticked(step, event)}
      /><span id="mark-${number}">${this.words.say('guide.mark')}</span></label
    >`;
  }

  #ticked(step: RecoveryStep, { target }: Event): void {
    const episode = this.#episode;
    if (episode && target instanceof HTMLInputElement) this.#remember(tickByHand(episode, step.id, target.checked));
  }

  #offer(shown: Shown, all: readonly Shown[], episode: Episode, view: CampaignView): TemplateResult | typeof nothing {
    const { step } = shown;
    const { offer, done } = step;
    const dependencies =
      done && 'dependency' in done ? this.#dependencies.filter(({ kind }) => kind === done.dependency) : [];
    const list = dependencies.length ? this.#dependencyList(dependencies) : nothing;
    if (!offer) return html`${list}`;
    if ('action' in offer) return html`${list}${this.#actionOffer(shown, all, offer.action, episode, view)}`;
    if ('log' in offer) return html`${list}${this.#logOffer(step)}`;
    const broken = dependencies.find(({ state }) => state === 'stopped' || state === 'error');
    return html`${list}
      <div class="offer">
        ${hostLink({
          words: this.words,
          routes: this.routes,
          to: offer.link,
          ref: this.ref,
          dependency: broken,
          href: broken?.href,
        })}
      </div>`;
  }

  #dependencyList(dependencies: readonly Dependency[]): TemplateResult {
    return html`<ul class="dependencies" role="list">
      ${dependencies.map(
        (dependency) =>
          html`<li>
            <bdi>${this.#dependencyName(dependency)}</bdi> ${this.#stateOf(dependency)}
            ${
              dependency.message
                ? html`<span class="detail" dir="auto">${visibleText(dependency.message)}</span>`
                : nothing
            }
          </li>`,
      )}
    </ul>`;
  }

  #actionOffer(
    { state, number }: Shown,
    all: readonly Shown[],
    action: string,
    episode: Episode,
    view: CampaignView,
  ): TemplateResult | typeof nothing {
    if (state === 'live') return nothing;
    if (view.action?.action === action)
      return html`${number === all.length ? this.#outlook(action, episode) : nothing}
        <div class="offer">${embeddedButton(this)}</div>`;
    return html`<p class="note">${this.#whyNot(number, all, action, view)}</p>`;
  }

  /** The nearest step before this one that has to change the status first; else the plain reason. */
  #whyNot(number: number, all: readonly Shown[], action: string, view: CampaignView): string {
    const first = all.findLast(
      (other) => other.number < number && other.state === 'todo' && other.step.done && 'status' in other.step.done,
    );
    if (first) return this.words.say('guide.after', { number: first.number });
    const code = view.known ? 'illegal' : 'unknown-status';
    return reasonText(this.words, this.currentLifecycle, { code, what: [action] });
  }

  #outlook(action: string, { error }: Episode): TemplateResult | typeof nothing {
    const outlook = this.#diagnosis.value?.outlook ?? 'unknown';
    // That all channels and agents run says nothing of an error that comes from none of them.
    if (outlook === 'unknown' || (outlook === 'works' && !error.cause)) return nothing;
    const does = verb(this.words, this.currentLifecycle, action);
    return html`<p class="note outlook">
      ${glyph(outlook === 'works' ? 'check' : 'warning')}<span
        >${this.words.say(`outlook.${outlook}`, { action: does })}</span
      >
    </p>`;
  }

  #logOffer({ id }: RecoveryStep): TemplateResult {
    if (!this.connected)
      return html`<div class="offer">
        ${hostLink({
          words: this.words,
          routes: this.routes,
          to: 'log',
          ref: this.ref,
          text: this.words.say('guide.open.log'),
        })}
      </div>`;
    const open = this.openLog === id;
    return html`<div class="offer">
        <button
          class="button small"
          part="log-button"
          type="button"
          aria-expanded=${open ? 'true' : 'false'}
          aria-controls="log"
          @click=${() => (this.openLog = open ? undefined : id)}
        >
          ${this.words.say(open ? 'guide.close.log' : 'guide.open.log')}<span class="chevron">${glyph('chevron')}</span>
        </button>
      </div>
      <div id="log" ?hidden=${!open}>
        ${
          open
            ? html`<campaign-log
                part="log"
                system=${this.system}
                campaign-id=${this.campaignId}
                .store=${this.store}
              ></campaign-log>`
            : nothing
        }
      </div>`;
  }

  #guide(episode: Episode, view: CampaignView): TemplateResult {
    const steps = this.#steps(episode, view);
    const done = steps.filter(({ state }) => state === 'live' || state === 'hand').length;
    return html`<div class="guide panel" part="guide" role="group" aria-labelledby="heading" tabindex="-1">
      <div class="head">
        ${heading(
          this.headingLevel,
          view.name
            ? isolated(this.words, 'guide.title', { name: visibleText(view.name) })
            : this.words.say('guide.title.plain'),
        )}
        <span class="progress" part="progress">${this.words.say('guide.progress', { done, total: steps.length })}</span>
        ${this.#closeButton()}
      </div>
      ${this.#stale(view)} ${this.#error(episode)}
      <ol class="steps" part="steps" role="list" aria-label=${this.words.say('guide.steps')}>
        ${steps.map((shown) => this.#step(shown, steps, episode, view))}
      </ol>
    </div>`;
  }

  #recovered(view: CampaignView): TemplateResult {
    return html`<div class="guide recovered panel" part="guide" role="group" aria-labelledby="recovered" tabindex="-1">
      <span class="marker done">${glyph('check')}</span>
      <div class="text">
        <p id="recovered" part="recovered">${isolated(this.words, 'guide.done', this.#named(view))}</p>
        ${this.#stale(view)}
      </div>
      ${this.#closeButton()}
    </div>`;
  }

  #stale(view: CampaignView): TemplateResult | typeof nothing {
    if (!view.stale) return nothing;
    return html`<p class="note stale" part="notice">${glyph('clock')}<span>${staleText(this.words, view)}</span></p>`;
  }

  #closeButton(): TemplateResult {
    const label = this.words.say('guide.close');
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
      ${this.words.say('guide.reopen')}
    </button>`;
  }

  #nothingToDo(view: CampaignView): TemplateResult | typeof nothing {
    if (this.quiet) return nothing;
    const { presence } = view;
    const text =
      presence === 'loading'
        ? this.words.say('status.loading')
        : presence !== 'present'
          ? this.words.say(`status.${presence}.meaning`)
          : view.known
            ? isolated(this.words, 'guide.healthy', this.#named(view))
            : statusMeaning(this.words, this.currentLifecycle, view.status);
    return html`<p class="note" part="notice" tabindex="-1">
      ${glyph(presence === 'present' && view.known && !view.stale ? 'check' : 'info')}<span
        >${text} ${staleText(this.words, view)}</span
      >
    </p>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view } = this;
    const { problem } = this;
    const episode = view && problem === undefined ? this.#episode : undefined;
    const ended = episode?.ended;
    const idle = view && problem === undefined && !episode ? this.#nothingToDo(view) : undefined;
    this.#mark(
      episode && !ended ? 'open' : ended && ended !== 'closed' ? 'recovered' : idle === nothing ? 'empty' : undefined,
    );
    if (!view || problem !== undefined) return html`<p class="problem" part="problem">${problem}</p>`;
    if (!episode) return idle ?? nothing;
    if (ended === 'closed') return this.#closed();
    return ended ? this.#recovered(view) : this.#guide(episode, view);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'recovery-guide': RecoveryGuide;
  }
}
