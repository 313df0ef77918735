/** The apps of examples/ that only a release builds and runs; their types are checked more often (test/system/examples). */
import { join } from 'node:path';
import { after, it } from 'node:test';
import { renderedSite, servedSite } from '../../support/e2e/sites.ts';
import { AppCopies } from '../../support/examples/app-copies.ts';
import { assertReadableAndStill } from '../../support/examples/server-page.ts';
import { testApp } from '../../support/examples/test-app.ts';

const apps = new AppCopies();
after(() => apps.remove());

for (const example of ['svelte', 'solid']) testApp(apps, example, (name, app) => servedSite(name, join(app, 'dist')));

testApp(
  apps,
  'astro',
  async (name, app) => ({
    ...(await renderedSite(name, app, ['dist/server/entry.mjs'])),
    start: 'flows',
    loadsPages: true,
  }),
  (running) => {
    it('writes tags that can be read before their script, and do not move when it runs', async () => {
      const { site, browser } = running();
      await assertReadableAndStill(browser, site.url);
    });
  },
);
