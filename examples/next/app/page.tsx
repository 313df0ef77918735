import type {} from 'campaign-status-kit/react';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { readCampaigns } from './campaigns.ts';

/** Without a feed: what the campaigns are while this page is written. It can be read without a script, and nothing in it moves. */
export default async function Page(): Promise<ReactNode> {
  await connection(); // for each request
  const campaigns = await Promise.all(
    ['flows', 'python'].map(async (system) =>
      (await readCampaigns(system)).map((campaign) => ({ system, ...campaign })),
    ),
  );
  return (
    <>
      <h1>Campaigns at {new Date().toISOString()}</h1>
      <ul>
        {campaigns.flat().map(({ system, id, name, status, message, label }) => (
          <li key={`${system}/${id}`}>
            <campaign-status-tag system={system} status={status} message={message}>
              {label}
            </campaign-status-tag>{' '}
            <a href={`/${system}/${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </>
  );
}
