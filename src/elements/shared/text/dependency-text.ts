/** A channel, an agent or whatever else a campaign depends on: its name, how it is doing, and whether another try is worth it. */
import { css, nothing, type CSSResult, type TemplateResult } from 'lit';
import type { Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView, DependencyView, Diagnosis } from '../../../store/types.ts';
import type { Localizer } from '../../../i18n/index.ts';
import { html } from '../templates/html.ts';
import { visibleText } from './status-text.ts';
import type { IconName } from '../icons/shapes.ts';
import { icon } from '../templates/icons.ts';
import { actionLabel } from './labels.ts';

/** What an error says that it comes from. */
export type Cause = NonNullable<CampaignView['cause']>;

const shapes = {
  running: 'check',
  stopped: 'square',
  error: 'cross',
  unknown: 'unknown',
} as const satisfies Record<DependencyView['state'], IconName>;

/** These follow `dependency.` too, and name no kind. */
const notKinds: ReadonlySet<string> = new Set(['other', 'running', 'stopped', 'error', 'unknown']);

/** The dependency that a cause names, as it is now; `undefined` where nobody can tell. */
export function causeNow(cause: Cause, diagnosis: Diagnosis | undefined): DependencyView | undefined {
  return diagnosis?.dependencies.find(({ kind, id }) => kind === cause.kind && id === cause.id);
}

/** True if it is known to be down. */
export function isDown({ state }: DependencyView): boolean {
  return state === 'stopped' || state === 'error';
}

/** By its kind and name, such as "Channel Main". */
export function dependencyName(
  i18n: Localizer,
  { kind, id, name }: Pick<DependencyView, 'kind' | 'id' | 'name'>,
): string {
  const shown = visibleText(name) || visibleText(id);
  const named = notKinds.has(kind) ? undefined : i18n.formatIfKnown(`dependency.${kind}`, { name: shown });
  return named ?? i18n.format('dependency.other', { kind: visibleText(kind), name: shown });
}

/** How it is doing, by a shape and a word. Its look is in {@link dependencyStyles}. */
export function dependencyState(i18n: Localizer, dependency: DependencyView): TemplateResult {
  const { state } = dependency;
  return html`<span class="state-of" data-tone=${isDown(dependency) ? 'red' : nothing}
    >${icon(shapes[state])}${i18n.format(`dependency.${state}`)}</span
  >`;
}

/** The look of {@link dependencyState}. Goes after `theme`. */
export const dependencyStyles: CSSResult = css`
  .state-of {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    color: var(--_muted);
    font-weight: 400;
  }
  .state-of[data-tone] {
    color: var(--_tone-fg);
    font-weight: 500;
  }
  .state-of svg {
    flex: none;
    inline-size: 12px;
    block-size: 12px;
    fill: currentColor;
  }
`;

/**
 * Says whether the action can succeed now; `''` if that is not known. Without a known cause, running dependencies prove nothing: the error may
 * come from something else.
 */
export function outlookText(
  i18n: Localizer,
  lifecycle: Lifecycle | undefined,
  action: string,
  cause: Cause | undefined,
  diagnosis: Diagnosis | undefined,
): string {
  const outlook = diagnosis?.outlook ?? 'unknown';
  if (outlook === 'unknown' || (outlook === 'works' && !cause)) return '';
  return i18n.format(`outlook.${outlook}`, { action: actionLabel(i18n, lifecycle, action) });
}
