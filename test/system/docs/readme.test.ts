import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getResponse, type HttpHandler } from 'msw';
import type { SimulatedBackend } from '../../../mocks/index.ts';
import type { CampaignStore, Lifecycle, Routes } from '../../../src/index.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';

describe('the code in the README', () => {
  const folder = new DocFolder('.readme');
  const files = ['routes.ts', 'mocks.ts', 'configured.ts', 'own.ts', 'third.ts'];

  before(async () => {
    const code = await codeBlocks('README.md', 'ts');
    assert.equal(code.length, files.length);
    await Promise.all(code.map((block, index) => folder.write(files[index]!, block)));
  });

  after(() => folder.remove());

  it('type-checks', () => folder.typeCheck());

  it('runs: routes, mocks, a configured adapter, an adapter of one’s own, a third lifecycle', async () => {
    const [routes, mocks, configured, own, third] = (await Promise.all(files.map((file) => folder.load(file)))) as [
      { routes: Routes },
      { backend: SimulatedBackend; mocks: HttpHandler[] },
      { store: CampaignStore },
      { store: CampaignStore },
      { reviews: Lifecycle },
    ];
    assert.equal(typeof routes.routes.contacts, 'function');
    const { id } = mocks.backend.campaigns.list('flows')[0]!;
    const answer = await getResponse(mocks.mocks, new Request(`https://api.example/campaigns/flows/campaigns/${id}`));
    assert.equal(answer?.status, 200);
    mocks.backend.dispose();
    assert.deepEqual([...configured.store.lifecycles.keys()], ['flows', 'python']);
    assert.equal(third.reviews.statuses['open']!.label, 'Open');
    configured.store.dispose();

    const ref = { system: 'flows', id: 'spring-sale' };
    const seen: string[] = [];
    const started = new Promise<void>((resolve) => {
      own.store.campaign(ref).subscribe(({ presence, status }) => {
        seen.push(status);
        if (presence === 'present' && status === 'inactive') resolve();
      });
    });
    await started;
    assert.deepEqual(await own.store.perform(ref, 'start'), { outcome: 'done' });
    assert.equal(own.store.campaign(ref).value.status, 'active');
    assert.equal((await own.store.perform(ref, 'start')).reason?.code, 'illegal');
    assert.ok(seen.includes('active'));
    own.store.dispose();
  });
});
