import type {} from 'campaign-status-kit/react';
import type { ReactNode } from 'react';

/** The campaign that the address names. A server writes attributes, so those have their own names here, with hyphens. */
export default async function Page({ params }: PageProps<'/[system]/[[...id]]'>): Promise<ReactNode> {
  const { system, id: [id] = [] } = await params;
  return (
    id && (
      <>
        <campaign-header system={system} campaign-id={id} heading-level={2} />
        <recovery-guide system={system} campaign-id={id} quiet />
      </>
    )
  );
}
