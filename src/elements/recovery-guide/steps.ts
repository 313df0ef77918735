import { nothing, type TemplateResult } from 'lit';
import { legalActions, recoverySteps, type Lifecycle, type RecoveryStep } from '../../lifecycle/index.ts';
import type { CampaignView, DependencyView, Diagnosis } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { dependencyName, dependencyState, isDown, outlookText } from '../shared/text/dependency-text.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { glyph } from '../shared/templates/icons.ts';
import { hostLink } from '../shared/templates/host-link.ts';
import { reasonText } from '../shared/text/labels.ts';
import type { Routes } from '../routes.ts';
import { html } from '../shared/templates/html.ts';
import { checkedLive, stepState, type RecoverySession, type StepState } from './recovery-session.ts';

/** What the steps are drawn from, and what a press in them does. */
export interface StepFacts {
  readonly i18n: Localizer;
  readonly routes: Routes;
  readonly lifecycle: Lifecycle | undefined;
  readonly session: RecoverySession;
  readonly view: CampaignView;
  readonly diagnosis: Diagnosis | undefined;
  /** The campaign's action button; with an action, one that offers it in place of the status's own. */
  readonly button: (action?: string) => TemplateResult;
  /** Its engine log; `undefined` where the campaign comes from no store, so that only its host can show it. */
  readonly log: (() => unknown) | undefined;
  /** The id of the step in which the log is open. */
  readonly logIn: string | undefined;
  /** Opens or closes the log in a step. */
  readonly toggleLog: (step: string) => void;
  /** The user ticks a step, or takes the tick back. */
  readonly tick: (step: string, done: boolean) => void;
}

/** A step as it stands now. */
export interface Step {
  readonly step: RecoveryStep;
  /** Its place in the list, from 1. */
  readonly number: number;
  readonly state: StepState;
  /** It is the first one that is open. */
  readonly current: boolean;
}

/** How each step of a session stands. */
export function stepsOf({ lifecycle, session, view, diagnosis }: StepFacts): readonly Step[] {
  const facts = { status: view.status, dependencies: diagnosis?.dependencies ?? [] };
  const steps = recoverySteps(lifecycle, session.entered).map((step, index) => ({
    step,
    number: index + 1,
    state: stepState(step, facts, session.byHand),
  }));
  const current = steps.find(({ state }) => state === 'todo' || state === 'unknown')?.number;
  return steps.map((one) => ({ ...one, current: one.number === current }));
}

/** True if the step is done. */
export function isDone({ state }: Step): boolean {
  return state === 'live' || state === 'hand';
}

/** The text of a step. */
export function stepText(
  i18n: Localizer,
  lifecycle: Lifecycle | undefined,
  entered: string,
  step: RecoveryStep,
): string {
  return i18n.term(`${lifecycle?.system ?? ''}.recovery.${entered}.${step.id}.text`, step.text);
}

/** One step: how it stands, who ticks it, and what is at hand in it. */
export function stepTemplate(facts: StepFacts, one: Step, all: readonly Step[]): TemplateResult {
  const { i18n, lifecycle, session, view, diagnosis } = facts;
  const { step, state, current, number } = one;
  const byHand = checkedLive(step, { status: view.status, dependencies: diagnosis?.dependencies ?? [] }) === undefined;
  return html`<li
    class=${isDone(one) ? 'step done' : 'step'}
    part="step"
    aria-current=${current ? 'step' : nothing}
    tabindex="-1"
  >
    <span class="marker ${isDone(one) ? 'done' : current ? 'current' : ''}" aria-hidden="true"
      >${isDone(one) ? glyph('check') : i18n.number(number)}</span
    >
    <div class="body">
      <div class="line">
        <span class="text says" id="text-${number}">${stepText(i18n, lifecycle, session.entered, step)}</span>
        <span class=${state === 'todo' || state === 'hand' ? 'visually-hidden' : 'state says'}
          >${i18n.format(state === 'live' && view.stale ? 'guide.state.lastKnown' : `guide.state.${state}`)}</span
        >
        ${byHand ? checkbox(facts, one) : nothing}
      </div>
      ${atHand(facts, one, all)}
    </div>
  </li>`;
}

function checkbox({ i18n, tick }: StepFacts, { step, state, number }: Step): TemplateResult {
  return html`<label class="check"
    ><input
      type="checkbox"
      aria-labelledby="mark-${number} text-${number}"
      .checked=${state === 'hand'}
      @change=${({ target }: Event) => tick(step.id, (target as HTMLInputElement).checked)}
    /><span id="mark-${number}">${i18n.format('guide.mark')}</span></label
  >`;
}

function atHand(facts: StepFacts, one: Step, all: readonly Step[]): unknown {
  const { offer, done } = one.step;
  const dependencies = (facts.diagnosis?.dependencies ?? []).filter(
    ({ kind }) => done && 'dependency' in done && kind === done.dependency,
  );
  const list = dependencies.length ? dependencyList(facts, dependencies) : nothing;
  if (!offer) return list;
  if ('action' in offer) return [list, actionOffer(facts, one, all, offer.action)];
  if ('log' in offer) return [list, logOffer(facts, one.step)];
  const { i18n, routes, view } = facts;
  const dependency = dependencies.find(isDown);
  const link = hostLink({ i18n, routes, to: offer.link, ref: view.ref, dependency, href: dependency?.href });
  return [list, html`<div class="offer">${link}</div>`];
}

function dependencyList({ i18n }: StepFacts, dependencies: readonly DependencyView[]): TemplateResult {
  return html`<ul class="dependencies" role="list">
    ${dependencies.map(
      (dependency) =>
        html`<li>
          <bdi>${dependencyName(i18n, dependency)}</bdi> ${dependencyState(i18n, dependency)}
          ${
            dependency.message
              ? html`<span class="detail" dir="auto">${visibleText(dependency.message)}</span>`
              : nothing
          }
        </li>`,
    )}
  </ul>`;
}

function actionOffer(facts: StepFacts, one: Step, all: readonly Step[], action: string): unknown {
  if (one.state === 'live') return nothing;
  const { view } = facts;
  const own = view.action?.action === action;
  if (!own && !legalActions(facts.lifecycle, view.status).includes(action))
    return html`<p class="note"><span>${whyNot(facts, one, all, action)}</span></p>`;
  return [
    one.number === all.length ? outlook(facts, action) : nothing,
    html`<div class="offer">${facts.button(own ? undefined : action)}</div>`,
  ];
}

/** The nearest step before this one that has to change the status first; else the plain reason. */
function whyNot({ i18n, lifecycle, view }: StepFacts, one: Step, all: readonly Step[], action: string): string {
  const first = all.findLast(
    ({ number, state, step }) =>
      number < one.number && state === 'todo' && step.done !== undefined && 'status' in step.done,
  );
  if (first) return i18n.format('guide.after', { number: first.number });
  return reasonText(i18n, lifecycle, { code: view.known ? 'illegal' : 'unknown-status', what: [action] });
}

function outlook({ i18n, lifecycle, session, diagnosis }: StepFacts, action: string): TemplateResult | typeof nothing {
  const text = outlookText(i18n, lifecycle, action, session.error.cause, diagnosis);
  if (!text) return nothing;
  return html`<p class="note outlook">
    ${glyph(diagnosis?.outlook === 'works' ? 'check' : 'warning')}<span>${text}</span>
  </p>`;
}

function logOffer({ i18n, routes, view, log, logIn, toggleLog }: StepFacts, { id }: RecoveryStep): TemplateResult {
  if (!log)
    return html`<div class="offer">
      ${hostLink({ i18n, routes, to: 'log', ref: view.ref, text: i18n.format('guide.open.log') })}
    </div>`;
  const open = logIn === id;
  return html`<div class="offer">
      <button
        class="button small"
        part="log-button"
        type="button"
        aria-expanded=${open ? 'true' : 'false'}
        aria-controls="log"
        @click=${() => toggleLog(id)}
      >
        ${i18n.format(open ? 'guide.close.log' : 'guide.open.log')}<span class="chevron">${glyph('chevron')}</span>
      </button>
    </div>
    <div id="log" ?hidden=${!open}>${open ? log() : nothing}</div>`;
}
