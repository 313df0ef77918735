import type { Metadata } from 'next';
import 'campaign-status-kit/before-script.css';
import type { ReactNode } from 'react';
import { DefineElements } from './define-elements.tsx';

export const metadata: Metadata = { title: 'Campaigns', icons: 'data:,' };

export default function Layout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body>
        {children}
        <DefineElements />
      </body>
    </html>
  );
}
