import { expect } from '@open-wc/testing';
import { http } from 'msw/http';
import { handlers, simulateBackend } from '../../mocks/index.ts';
import '../../src/define.ts';
import { axOf, until } from '../support/browser.ts';
import { withWorker } from '../support/msw.ts';
import { htmlBlocks, show } from '../support/elements/doc-page.ts';

const ADDRESS = 'http://127.0.0.1:8787';

describe('the HTML in the README', () => {
  let page: HTMLElement = document.createElement('div');
  let blocks: string[];

  const worker = withWorker();

  before(async () => {
    blocks = await htmlBlocks('README.md');
    expect(blocks).to.have.length(3);
  });

  afterEach(() => page.remove());

  it('shows a list in its first lines', async () => {
    const backend = simulateBackend();
    worker.use(...handlers(backend, { baseUrl: ADDRESS, http }));
    page = show(blocks[0]!.replace('https://api.example/campaigns', ADDRESS));
    const text = (): string => page.querySelector('campaign-list')?.shadowRoot?.textContent ?? '';
    await until(() => text().includes('Spring sale launch'), 'the list to show its campaigns');
    page.remove();
    backend.dispose();
  });

  it('shows a list, a header and a guide of the backend that it names', async () => {
    const backend = simulateBackend();
    worker.use(...handlers(backend, { baseUrl: ADDRESS, http }));
    const [, first = ''] = blocks;
    expect(first).to.contain(`src="${ADDRESS}"`);
    expect(first).to.contain("import 'campaign-status-kit/define'");
    page = show(first);
    const shown = (name: string): string => page.querySelector(name)?.shadowRoot?.textContent ?? '';
    await until(() => shown('campaign-list').includes('Spring sale launch'), 'the list to show its campaigns');
    await until(() => shown('campaign-header').includes('Spring sale launch'), 'the header to show the campaign');
    await until(() => shown('recovery-guide').includes('What went wrong'), 'the guide to show the error');
    page.remove();
    backend.dispose();
  });

  it('shows a tag without provider or backend', async () => {
    const [, , second = ''] = blocks;
    page = show(second);
    const tag = page.querySelector('campaign-status-tag')!;
    await tag.updateComplete;
    const node = await axOf(tag.shadowRoot!.querySelector('button')!);
    expect(node?.name).to.equal('Status: Error');
    expect(node?.description).to.match(/^Channel SMS is not running/);
  });
});
