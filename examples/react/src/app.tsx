import type { CampaignOutcomeEvent, Routes } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/react';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { ErrorCount } from './error-count.tsx';
import { store } from './store.ts';

const routes: Routes = { campaign: '#/{system}/{id}' };

/** What the address says: `#/python`, or `#/python/welcome-letters`. */
function useAddress(): readonly string[] {
  const hash = useSyncExternalStore(
    (changed) => {
      addEventListener('hashchange', changed);
      return () => removeEventListener('hashchange', changed);
    },
    () => location.hash || '#/flows',
  );
  return hash.slice(2).split('/').map(decodeURIComponent);
}

export function App(): ReactNode {
  const [system = '', id = ''] = useAddress();
  const [outcome, setOutcome] = useState<CampaignOutcomeEvent['detail']>();
  return (
    <campaign-provider store={store} routes={routes} oncampaign-outcome={({ detail }) => setOutcome(detail)}>
      <nav>
        <a href="#/flows">Flows</a> <a href="#/python">Python</a>
      </nav>
      <ErrorCount system={system} />
      <campaign-list system={system} selected={id} announce="all" />
      {id && (
        <>
          <campaign-header system={system} campaignId={id} heading-level={2} />
          <recovery-guide system={system} campaignId={id} quiet />
        </>
      )}
      <output>{outcome && `${outcome.action}: ${outcome.outcome}`}</output>
    </campaign-provider>
  );
}
