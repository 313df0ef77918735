import type { CampaignOutcomeEvent, Routes } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/solid';
import { createSignal, onCleanup, Show, type JSX } from 'solid-js';
import { ErrorCount } from './error-count.tsx';
import { store } from './store.ts';

const routes: Routes = { campaign: '#/{system}/{id}' };

/** What the address says: `#/python`, or `#/python/welcome-letters`. */
function useAddress(): () => readonly string[] {
  const [hash, setHash] = createSignal(location.hash || '#/flows');
  const read = (): void => void setHash(location.hash || '#/flows');
  addEventListener('hashchange', read);
  onCleanup(() => removeEventListener('hashchange', read));
  return () => hash().slice(2).split('/').map(decodeURIComponent);
}

export function App(): JSX.Element {
  const address = useAddress();
  const system = (): string => address()[0] ?? '';
  const id = (): string => address()[1] ?? '';
  const [outcome, setOutcome] = createSignal<CampaignOutcomeEvent['detail']>();
  return (
    <campaign-provider store={store} routes={routes} on:campaign-outcome={({ detail }) => setOutcome(detail)}>
      <nav>
        <a href="#/flows">Flows</a> <a href="#/python">Python</a>
      </nav>
      <ErrorCount system={system()} />
      <campaign-list system={system()} selected={id()} announce="all" />
      <Show when={id()}>
        <campaign-header system={system()} campaign-id={id()} heading-level={2} />
        <recovery-guide system={system()} campaign-id={id()} quiet />
      </Show>
      <output>
        <Show when={outcome()}>
          {(latest) => (
            <>
              {latest().action}: {latest().outcome}
            </>
          )}
        </Show>
      </output>
    </campaign-provider>
  );
}
