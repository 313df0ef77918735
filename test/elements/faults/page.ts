import { fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';

const backends: SimulatedBackend[] = [];
afterEach(() => {
  for (const backend of backends.splice(0)) backend.dispose();
});

/**
 * A provider with these python campaigns on its own backend, and the requests that the backend received.
 *
 * @param release requests stay under way until it resolves
 */
export async function page(
  campaigns: Readonly<Record<string, string>>,
  release: Promise<void> = Promise.resolve(),
): Promise<{
  backend: SimulatedBackend;
  around: CampaignProvider;
  acts: string[];
}> {
  const backend = simulateBackend({ sampleData: 'empty', tickMs: 0 });
  backends.push(backend);
  for (const [id, status] of Object.entries(campaigns))
    backend.campaigns.add({ system: 'python', id, name: id, status, met: ['contacts', 'strategy'] });
  const adapter = simulatedAdapter(backend);
  const acts: string[] = [];
  const counting = {
    ...adapter,
    act: async (request: Parameters<typeof adapter.act>[0]) => {
      acts.push(`${request.action} ${request.ref.id}`);
      await release;
      return adapter.act(request);
    },
  };
  const around = await fixture<CampaignProvider>(html`<campaign-provider .adapter=${counting}></campaign-provider>`);
  return { backend, around, acts };
}

/** Finds an element in the shadow root of another. */
export function inside(element: Element, selector: string): HTMLElement | null {
  return element.shadowRoot!.querySelector<HTMLElement>(selector);
}
