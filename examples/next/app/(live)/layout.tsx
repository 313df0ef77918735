import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { src } from '../campaigns.ts';
import { LiveCampaigns } from './live-campaigns.tsx';

export default async function Layout({ children }: { readonly children: ReactNode }): Promise<ReactNode> {
  await connection(); // The address of the backend is read when the server runs, not when the app is built.
  return <LiveCampaigns src={src}>{children}</LiveCampaigns>;
}
