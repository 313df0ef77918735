/** What the control panel reads from a simulated backend and its lifecycles, without naming any status. */
import type { SimulatedBackend } from '../../mocks/index.ts';
import { english, landing, statusDef, type CampaignRef, type Dependency, type Lifecycle } from '../../src/index.ts';

/** A dependency, and whether the selected campaign has it. */
export interface CampaignDependency extends Dependency {
  readonly used: boolean;
}

/** All dependencies. */
export function dependenciesOf(backend: SimulatedBackend, ref: CampaignRef): CampaignDependency[] {
  const own = backend.campaigns.get(ref)?.dependencies ?? [];
  return backend.dependencies
    .list()
    .map((one) => ({ ...one, used: own.some(({ kind, id }) => kind === one.kind && id === one.id) }));
}

/** The prerequisites of a system, and which of them the campaign has. */
export function prerequisitesOf(
  backend: SimulatedBackend,
  ref: CampaignRef,
): readonly { readonly prerequisite: string; readonly label: string; readonly met: boolean }[] {
  const missing = backend.campaigns.get(ref)?.record.missing ?? [];
  return Object.entries(backend.lifecycles.get(ref.system)?.prerequisites ?? {}).map(([prerequisite, { label }]) => ({
    prerequisite,
    label,
    met: !missing.includes(prerequisite),
  }));
}

/** Whether the campaign is in a status in which something can go wrong. */
export function canFail(backend: SimulatedBackend, ref: CampaignRef): boolean {
  const lifecycle = backend.lifecycles.get(ref.system);
  return statusDef(lifecycle, backend.campaigns.get(ref)?.record.status ?? '')?.fault !== undefined;
}

/** The next thing worth trying with this campaign, in one sentence. */
export function hintOf(backend: SimulatedBackend, ref: CampaignRef): string {
  const lifecycle = backend.lifecycles.get(ref.system);
  const record = backend.campaigns.get(ref)?.record;
  const def = statusDef(lifecycle, record?.status ?? '');
  if (!lifecycle || !record || !def) return '';
  const press = def.action === undefined ? '' : `press ${verb(lifecycle, def.action)}`;
  const missing = def.needs?.filter((prerequisite) => record.missing?.includes(prerequisite)) ?? [];
  if (missing.length) {
    const what = english.list(
      missing.map((prerequisite) => lifecycle.prerequisites?.[prerequisite]?.label ?? prerequisite),
    );
    const then = def.ready === undefined ? `, then ${press}.` : ` and watch it turn ${label(lifecycle, def.ready)}.`;
    return `Give it ${what} here${then}`;
  }
  const used = dependenciesOf(backend, ref).filter((one) => one.used);
  if (def.fault !== undefined)
    return `Switch ${used[0]?.name ?? 'its channel'} off here, and watch it fall into ${label(lifecycle, def.fault)}.`;
  if (!press) return '';
  const down = used.filter((part) => part.state !== 'running');
  if (!isFault(lifecycle, record.status) || !down.length) return `In the page, ${press}.`;
  const names = english.list(down.map(({ name }) => name));
  const target = landing(lifecycle, record.status, def.action ?? '');
  const runs = statusDef(lifecycle, target ?? '')?.fault !== undefined;
  return runs
    ? `In the page, ${press}: it falls back. Switch ${names} on here, and ${press} again.`
    : `In the page, ${press}. Then switch ${names} on here.`;
}

function isFault(lifecycle: Lifecycle, status: string): boolean {
  return Object.values(lifecycle.statuses).some(({ fault }) => fault === status);
}

function label(lifecycle: Lifecycle, status: string): string {
  return statusDef(lifecycle, status)?.label ?? status;
}

function verb(lifecycle: Lifecycle, action: string): string {
  return lifecycle.actions[action]?.label ?? action;
}
