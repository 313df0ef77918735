import { expect } from '@open-wc/testing';
import { handlers } from '../../mocks/handlers.ts';
import { simulateBackend } from '../../mocks/index.ts';
import '../../src/define.ts';
import { axOf, until } from '../setup/browser.ts';
import { withWorker } from '../setup/msw.ts';

const ADDRESS = 'http://127.0.0.1:8787';

/** The README's blocks of HTML. */
async function blocks(): Promise<string[]> {
  const text = await (await fetch('/README.md')).text();
  return [...text.matchAll(/^```html\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
}

describe('the HTML in the README', () => {
  let page: HTMLElement;

  const worker = withWorker();

  /** Puts a block into the page. What its script does, the import above did. */
  function show(block: string): void {
    page = document.createElement('div');
    page.append(...new DOMParser().parseFromString(block, 'text/html').body.children);
    document.body.append(page);
  }

  afterEach(() => page.remove());

  it('is two blocks', async () => {
    page = document.createElement('div');
    expect(await blocks()).to.have.length(2);
  });

  it('shows a list, a header and a guide of the backend that it names', async () => {
    const backend = simulateBackend();
    worker.use(...handlers(backend, { baseUrl: ADDRESS }));
    const [first = ''] = await blocks();
    expect(first).to.contain(`src="${ADDRESS}"`);
    expect(first).to.contain("import 'campaign-status-kit/define'");
    show(first);
    const shown = (name: string): string => page.querySelector(name)?.shadowRoot?.textContent ?? '';
    await until(() => shown('campaign-list').includes('Spring sale launch'), 'the list to show its campaigns');
    await until(() => shown('campaign-header').includes('Spring sale launch'), 'the header to show the campaign');
    await until(() => shown('recovery-guide').includes('What went wrong'), 'the guide to show the error');
    page.remove();
    backend.dispose();
  });

  it('shows a tag without provider or backend', async () => {
    const [, second = ''] = await blocks();
    show(second);
    const tag = page.querySelector('campaign-status-tag')!;
    await tag.updateComplete;
    const node = await axOf(tag.shadowRoot!.querySelector('button')!);
    expect(node?.name).to.equal('Status: Error');
    expect(node?.description).to.match(/^Channel SMS is not running/);
  });
});
