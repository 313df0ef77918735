/** The page "Links, routers and toasts": its code is that of the examples, and a router gets the paths of links. */
import '../../../examples/testing/jsdom.js';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, it } from 'node:test';
import { routeCampaignLinks } from '../../../examples/navigation/route-campaign-links.js';
import { simulateBackend, simulatedAdapter } from '../../../mocks/index.ts';
import { mount, unmount } from '../../../src/testing/index.ts';
import { codeBlocks } from '../../support/doc-blocks.ts';

/** The link to the campaign in a list, and the paths that the router got. */
async function linkTo(route: string): Promise<{ link: HTMLAnchorElement; paths: string[] }> {
  const backend = simulateBackend({ sampleData: 'empty', tickMs: 0 });
  backend.campaigns.add({ system: 'flows', id: 'spring', name: 'Spring sale' });
  const page = await mount('<campaign-list system="flows"></campaign-list>', {
    adapter: simulatedAdapter(backend),
    routes: { campaign: route },
  });
  const paths: string[] = [];
  routeCampaignLinks(page, (path: string) => paths.push(path));
  return { link: page.firstElementChild!.shadowRoot!.querySelector('a')!, paths };
}

/** Whether a click is left to the browser. jsdom itself goes nowhere. */
function isFollowed(link: HTMLAnchorElement, keys: MouseEventInit = {}): boolean {
  const click = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, ...keys });
  let followed = true;
  const look = (): void => {
    followed = !click.defaultPrevented;
    click.preventDefault();
  };
  window.addEventListener('click', look, { once: true });
  link.dispatchEvent(click);
  return followed;
}

describe('a router', () => {
  afterEach(unmount);

  it('has the code of the page', async () => {
    const blocks = await codeBlocks('docs/navigation.md', 'js');
    assert.equal(blocks[1], await readFile('examples/navigation/route-campaign-links.js', 'utf8'));
  });

  it('gets the path of a link that is clicked', async () => {
    const { link, paths } = await linkTo('/campaigns/{system}/{id}?tab=log#end');
    assert.equal(isFollowed(link), false);
    assert.deepEqual(paths, ['/campaigns/flows/spring?tab=log#end']);
  });

  it('gets nothing of a click with Control', async () => {
    const { link, paths } = await linkTo('/campaigns/{id}');
    assert.equal(isFollowed(link, { ctrlKey: true }), true);
    assert.deepEqual(paths, []);
  });

  it('gets nothing of a link to another site', async () => {
    const { link, paths } = await linkTo('https://campaigns.example/{id}');
    assert.equal(isFollowed(link), true);
    assert.deepEqual(paths, []);
  });
});
