/** Runs the code of the page "A third system": its lifecycle, store, routes, words and simulated backend. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SimulatedBackend } from '../../../mocks/index.ts';
import { runConformance, type Subject } from '../../../src/conformance/index.ts';
import {
  createCampaignStore,
  type CampaignStore,
  type Lifecycle,
  type Routes,
  type Translations,
} from '../../../src/index.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';
import { record } from '../../support/store-fixture.ts';
import { until } from '../../support/until.ts';

describe('a third system', () => {
  const folder = new DocFolder('.third-system');
  const ref = { system: 'reviews', id: 'summer' };
  let reviews: Lifecycle;
  let made: { backend: SimulatedBackend; subject: Subject };

  before(async () => {
    const blocks = await codeBlocks('docs/third-system.md', 'ts');
    const names = blocks.map((block) => /^\/\/ (\S+)\n/.exec(block)![1]!);
    assert.deepEqual(names, ['reviews.ts', 'store.ts', 'page.ts', 'backend.ts']);
    await Promise.all(blocks.map((block, index) => folder.write(names[index]!, block)));
    ({ reviews } = await folder.load<{ reviews: Lifecycle }>('reviews.ts'));
    made = await folder.load('backend.ts');
  });

  after(async () => {
    made.backend.dispose();
    await folder.remove();
  });

  it('type-checks', () => folder.typeCheck());

  it('the store knows all three systems', async () => {
    const { store } = await folder.load<{ store: CampaignStore }>('store.ts');
    assert.deepEqual([...store.lifecycles.keys()], ['flows', 'python', 'reviews']);
    store.dispose();
  });

  it('every link of the lifecycle has a route, and every translated path is one of the lifecycle', async () => {
    const { routes, german } = await folder.load<{ routes: Routes; german: Translations }>('page.ts');
    const links = [
      ...Object.values(reviews.prerequisites ?? {}).map(({ link }) => link),
      ...Object.values(reviews.recovery ?? {}).flatMap((steps) =>
        (steps ?? []).map(({ offer }) => (offer && 'link' in offer ? offer.link : undefined)),
      ),
    ].filter((link) => link !== undefined);
    for (const link of links) assert.ok(link in routes, link);
    for (const path of Object.keys(german.terms!)) {
      const [system, ...rest] = path.split('.');
      const text = rest.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], reviews);
      assert.deepEqual([system, typeof text], ['reviews', 'string'], path);
    }
  });

  it('an error recovery: submitted, failed, submitted again', async () => {
    const { backend, subject } = made;
    const store = createCampaignStore({ adapter: await subject.createAdapter(), lifecycles: [reviews] });
    const campaign = record(store.campaign(ref));
    await until(() => campaign.last.presence === 'present');
    assert.deepEqual(await store.perform(ref, 'submit'), { outcome: 'done' });
    backend.campaigns.force(ref, { status: 'failed', message: 'The check timed out.' });
    await until(() => campaign.last.status === 'failed');
    assert.equal(campaign.last.message, 'The check timed out.');
    assert.equal(reviews.recovery!['failed']!.length, 4);
    assert.deepEqual(await store.perform(ref, 'submit'), { outcome: 'done' });
    assert.equal(campaign.last.status, 'waiting');
    store.dispose();
  });

  it('the subject conforms', async () => {
    const report = await runConformance(made.subject, { only: ['feed-synced', 'change-reported', 'act-legal'] });
    assert.ok(report.ok);
  });
});
