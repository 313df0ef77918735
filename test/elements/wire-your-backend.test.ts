import { expect } from '@open-wc/testing';
import { http } from 'msw/http';
import { handlers, simulateBackend } from '../../mocks/index.ts';
import '../../src/define.ts';
import { until } from '../support/browser.ts';
import { withWorker } from '../support/msw.ts';
import { htmlBlocks, show } from '../support/elements/doc-page.ts';

describe('the HTML of "Wire your backend"', () => {
  const worker = withWorker();

  it('shows the campaigns of the backend that it names', async () => {
    const [block = '', ...more] = await htmlBlocks('docs/wire-your-backend.md');
    expect(more).to.have.length(0);
    expect(block).to.contain("import 'campaign-status-kit/define'");
    const backend = simulateBackend();
    worker.use(...handlers(backend, { baseUrl: 'http://127.0.0.1:8787', http }));
    const page = show(block);
    const list = page.querySelector('campaign-list')!;
    await until(() => list.shadowRoot!.textContent.includes('Spring sale launch'), 'the list to show its campaigns');
    page.remove();
    backend.dispose();
  });
});
