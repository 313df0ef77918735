/** The apps of examples/, as a host makes them: installed from the packed package, type-checked, built, and used in a browser. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { npm, packInto } from '../../../tools/pack.mjs';
import { CampaignPage } from '../../support/e2e/campaign-page.ts';
import { servedSite, type Site } from '../../support/e2e/sites.ts';
import { pause } from '../../support/until.ts';
import { manifest, root } from '../package/built.ts';

const LETTERS = { system: 'python', id: 'anniversary-letters' };
const NAME = 'Anniversary letters';
const EMAIL = { kind: 'channel', id: 'email' } as const;

const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const tarball = packInto(folder);
after(() => rmSync(folder, { recursive: true }));

/** Runs npm in the copy of an example. */
async function run(app: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(npm, args, { cwd: app }).catch((error: { stdout: string; stderr: string }) =>
    assert.fail(`npm ${args.join(' ')}\n${error.stdout}\n${error.stderr}`),
  );
}

for (const example of ['react', 'vue'])
  describe(`examples/${example}`, () => {
    const app = join(folder, example);
    let browser: Browser;
    let site: Site;

    before(() => {
      cpSync(join(root, 'examples', example), app, { recursive: true });
      const file = join(app, 'package.json');
      const { dependencies, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as {
        dependencies: Record<string, string>;
      };
      writeFileSync(
        file,
        JSON.stringify({ ...rest, dependencies: { ...dependencies, [manifest.name]: `file:${tarball}` } }),
      );
    });
    after(() => (browser as Browser | undefined)?.close());
    after(() => (site as Site | undefined)?.close());

    it('installs, type-checks and builds', async () => {
      await run(app, 'install', '--no-audit', '--no-fund', '--prefer-offline');
      await run(app, 'run', 'check');
      await run(app, 'run', 'build');
    });

    it('plays the recovery of a Python campaign: forced to stop, fixed, started again', async () => {
      site = await servedSite(`examples/${example}`, join(app, 'dist'));
      browser = await puppeteer.launch(await findBrowser());
      const view = await CampaignPage.open(await browser.newPage(), site);
      await view.command({ do: 'campaigns.setPrerequisite', with: [LETTERS, 'contacts', true] });
      await view.command({ do: 'campaigns.setPrerequisite', with: [LETTERS, 'strategy', true] });
      await view.system('Python');
      const errors = Number((await view.text('#errors')).replace('In error: ', ''));
      await view.choose(NAME);
      await view.shows(NAME, 'Configured');
      await view.act('Start');
      await view.shows(NAME, 'Running');
      await view.reads(['output'], /^start: done$/);

      await view.command({ do: 'dependencies.set', with: [EMAIL, 'stopped', 'the certificate has expired'] });
      await view.shows(NAME, 'Error');
      // Email also holds up other campaigns of the sample data.
      await view.reads(['#errors'], /^In error: [1-9]/);
      assert.ok(Number((await view.text('#errors')).replace('In error: ', '')) > errors);

      const button = [...view.guide, 'campaign-action-button', '[part=button]'];
      await view.reads(view.guide, new RegExp(`Recover ${NAME}.*the certificate has expired`));
      await view.reads(button, /^Force stop/);
      await pause(600); // A press right after the button has changed is ignored.
      await view.click(...button);
      const dialog = [...view.guide, 'campaign-action-button', '[part=confirm]'];
      await view.element(...dialog);
      await pause(600);
      await view.click(...dialog, '[part=confirm-go]');
      await view.shows(NAME, 'Configured');
      await view.reads(['output'], /^force-stop: done$/);

      await view.command({ do: 'dependencies.set', with: [EMAIL, 'running'] });
      await view.reads(button, /^Start/);
      await pause(600);
      await view.click(...button);
      await view.shows(NAME, 'Running');
      await view.reads(view.guide, new RegExp(`Recovered: ${NAME} is Running`));
      view.assertQuiet();
    });
  });
