import assert from 'node:assert/strict';
import { it } from 'node:test';
import puppeteer from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';

const options = await findBrowser();
const skip = options.headless !== 'shell' && 'an installed browser takes the fonts of the machine';

it('the packaged browser uses the packaged fonts only, whatever fonts the machine has', { skip }, async () => {
  const browser = await puppeteer.launch(options);
  try {
    const page = await browser.newPage();
    const cdp = await page.createCDPSession();
    await cdp.send('DOM.enable');
    await cdp.send('CSS.enable');
    const fontOf = async (family: string): Promise<string | undefined> => {
      await page.setContent(`<p style='font-family: ${family}'>Text</p>`);
      const { root } = await cdp.send('DOM.getDocument');
      const { nodeId } = await cdp.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'p' });
      const { fonts } = await cdp.send('CSS.getPlatformFontsForNode', { nodeId });
      return fonts[0]?.familyName;
    };
    for (const family of ['initial', 'sans-serif', 'serif', 'system-ui', 'Arial', '"Liberation Sans", sans-serif'])
      assert.equal(await fontOf(family), 'Open Sans', family);
    for (const family of ['monospace', 'Menlo, Consolas, monospace'])
      assert.equal(await fontOf(family), 'DejaVu Sans Mono', family);
  } finally {
    await browser.close();
  }
});
