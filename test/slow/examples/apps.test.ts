/** The apps of examples/ that only a release builds and runs; their types are checked more often (test/system/examples). */
import { join } from 'node:path';
import { after, it } from 'node:test';
import { CampaignPage } from '../../support/e2e/campaign-page.ts';
import { renderedSite, servedSite, type Site } from '../../support/e2e/sites.ts';
import { AppCopies } from '../../support/examples/app-copies.ts';
import { assertReadableAndStill } from '../../support/examples/server-page.ts';
import { testApp, type RunningApp } from '../../support/examples/test-app.ts';

const apps = new AppCopies();
after(() => apps.remove());

for (const example of ['svelte', 'solid', 'angular'])
  testApp(apps, example, (name, app) => servedSite(name, join(app, 'dist')));

/** The pages of a server: the live ones, and one without a feed. */
async function serverSite(name: string, app: string, command: readonly string[]): Promise<Site> {
  return { ...(await renderedSite(name, app, command)), start: 'flows' };
}

function itIsReadableAndStill(running: () => RunningApp): void {
  it('writes tags that can be read before their script, and do not move when it runs', async () => {
    const { site, browser } = running();
    await assertReadableAndStill(browser, site.url);
  });
}

testApp(
  apps,
  'astro',
  async (name, app) => ({ ...(await serverSite(name, app, ['dist/server/entry.mjs'])), loadsPages: true }),
  itIsReadableAndStill,
);

const next = (command: 'start' | 'dev'): readonly string[] => [
  'node_modules/next/dist/bin/next',
  command,
  ...['--port', '0', '--hostname', '127.0.0.1'],
];
testApp(
  apps,
  'next',
  (name, app) => serverSite(name, app, next('start')),
  (running, app) => {
    itIsReadableAndStill(running);

    it('hydrates without a warning in development, where React compares what the server wrote', async (t) => {
      const site = await serverSite('examples/next in development', app, next('dev'));
      t.after(() => site.close());
      const view = await CampaignPage.open(await running().browser.newPage(), site);
      view.tolerate(/Lit is in dev mode/);
      await view.page.goto(site.url);
      await view.page.waitForSelector('campaign-status-tag:defined');
      view.assertQuiet();
    });
  },
);
