/** The elements whose parts the documentation pages point at, with a backend in which nothing moves. */
import { html, type TemplateResult } from 'lit';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import type { CampaignAdapter } from '../../../src/index.ts';
import { workflows } from '../../../test/support/lifecycles/index.ts';
import '../../../src/define.ts';

const MINUTE = 60_000;
const MESSAGE = 'Channel “SMS” is not running: 214 messages could not be handed over.';

/** Twelve campaigns of each system, connected. */
export const sampleAdapter: CampaignAdapter<unknown> = simulatedAdapter(simulateBackend({ still: true }));

/** A backend with three campaigns, for pictures. */
function shortBackend(): SimulatedBackend {
  const backend = simulateBackend({ still: true, sampleData: 'empty' });
  for (const [name, status] of [
    ['Cart left behind', 'active'],
    ['Spring sale launch', 'error'],
    ['Welcome series', 'inactive'],
  ] as const)
    backend.campaigns.add({ system: 'flows', name, status, met: ['active-flow'] });
  return backend;
}

/** Three campaigns, connected. */
export const shortAdapter: CampaignAdapter<unknown> = simulatedAdapter(shortBackend());

/** Three campaigns, whose feed ends when it has sent them, and does not come back. */
export const lostAdapter: CampaignAdapter<unknown> = cutOff(shortBackend());

const connected = (content: TemplateResult): TemplateResult =>
  html`<campaign-provider .adapter=${sampleAdapter}>${content}</campaign-provider>`;

const samples: Readonly<Record<string, () => TemplateResult>> = {
  'campaign-status-tag': () =>
    html`<campaign-status-tag
      system="flows"
      status="error"
      name="Spring sale launch"
      message=${MESSAGE}
      stale-since=${Date.now() - 3 * MINUTE}
    ></campaign-status-tag>`,
  'campaign-action-button': () =>
    html`<campaign-action-button
      system="workflows"
      status="running"
      name="Nightly import"
      .lifecycle=${workflows}
    ></campaign-action-button>`,
  'campaign-list': () =>
    connected(html`<campaign-list class="boxed" system="flows" selectable contained></campaign-list>`),
  'campaign-header': () =>
    connected(
      html`<campaign-header system="python" campaign-id="vip-preview-autumn" log-open history-open></campaign-header>`,
    ),
  'recovery-guide': () =>
    connected(html`<recovery-guide system="python" campaign-id="vip-preview-autumn"></recovery-guide>`),
  'campaign-log': () => connected(html`<campaign-log system="python" campaign-id="vip-preview-autumn"></campaign-log>`),
  'campaign-provider': () => html`<campaign-provider></campaign-provider>`,
};

function cutOff(backend: SimulatedBackend): CampaignAdapter<unknown> {
  const whole = simulatedAdapter(backend);
  return {
    ...whole,
    async *watch(request) {
      for await (const change of backend.watch(request)) {
        yield change;
        if (change.type === 'synced') break;
      }
      backend.faults.answer(503, { to: 'watch', retryAfterMs: 600_000 });
    },
  };
}

/** The sample of an element. @throws Error if it has none */
export function sampleOf(element: string): TemplateResult {
  const sample = samples[element];
  if (!sample) throw new Error(`There is no sample of <${element}>.`);
  return sample();
}

/** Brings a sample into the state in which most of its parts are there. Called whenever the sample has changed. */
export function prepareSample(sample: Element): void {
  if (!sample.matches('campaign-list')) return;
  const list = sample;
  if (list.selection.length === 0 && list.shadowRoot?.querySelector('[part~=row]')) list.select(['cart-left-behind']);
}
