'use client';
import type { CampaignOutcomeEvent, CampaignProvider, CampaignStore, Routes } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/react';
import Link from 'next/link';
import { useParams, useRouter } from 'next/navigation';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ErrorCount } from './error-count.tsx';

const routes: Routes = { campaign: '/{system}/{id}' };

/** The provider, the list, and what the page puts beside them. */
export function LiveCampaigns({ src, children }: { readonly src: string; readonly children: ReactNode }): ReactNode {
  const { system, id: [id] = [] } = useParams<{ system: string; id?: string[] }>();
  const provider = useRef<CampaignProvider>(null);
  const [store, setStore] = useState<CampaignStore>();
  const [outcome, setOutcome] = useState<CampaignOutcomeEvent['detail']>();
  const router = useRouter();

  // React sets no object and adds no listener at an element that the server wrote, so the page does.
  useEffect(() => {
    const element = provider.current!;
    const listening = new AbortController();
    const { signal } = listening;
    element.routes = routes;
    element.addEventListener('campaign-outcome', ({ detail }) => setOutcome(detail), { signal });
    element.addEventListener(
      'campaign-navigate',
      (event) => {
        if (event.detail.href === undefined) return;
        event.preventDefault();
        router.push(new URL(event.detail.href).pathname);
      },
      { signal },
    );
    void customElements
      .whenDefined('campaign-provider')
      .then(() => element.updateComplete)
      .then(() => signal.aborted || setStore(element.currentStore));
    return () => listening.abort();
  }, [router]);

  return (
    <campaign-provider ref={provider} src={src}>
      <nav>
        <Link href="/flows">Flows</Link> <Link href="/python">Python</Link>
      </nav>
      {store && <ErrorCount store={store} system={system} />}
      <campaign-list system={system} selected={id} announce="all">
        <Link href="/">All campaigns</Link>
      </campaign-list>
      {children}
      <output>{outcome && `${outcome.action}: ${outcome.outcome}`}</output>
    </campaign-provider>
  );
}
