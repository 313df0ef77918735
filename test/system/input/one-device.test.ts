/** Both lifecycles, recovery included, by keyboard alone and by touch alone, in a host page over a real port. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import puppeteer from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { CampaignPage } from '../../support/e2e/campaign-page.ts';
import { keyboard, touch, type Device } from '../../support/e2e/one-device.ts';
import { hostSite } from '../../support/e2e/sites.ts';
import { pause, until } from '../../support/until.ts';

const LETTERS = { system: 'python', id: 'anniversary-letters' };
const LETTERS_NAME = 'Anniversary letters';
const TIER = { system: 'flows', id: 'loyalty-tier-upgrade' };
const TIER_NAME = 'Loyalty tier upgrade';
const EMAIL = { kind: 'channel', id: 'email' };
/** A press right after a change that the user did not cause is ignored (ms). */
const GUARD_MS = 600;

describe('both lifecycles with one device', { concurrency: 2 }, () => {
  for (const device of [keyboard, touch]) it(`by ${device.name} alone`, (t) => play(device, t.after.bind(t)));
});

async function play(device: Device, after: (close: () => Promise<unknown>) => void): Promise<void> {
  const site = await hostSite();
  after(() => site.close());
  const browser = await puppeteer.launch(await findBrowser());
  after(() => browser.close());
  const view = await CampaignPage.open(await browser.newPage(), site);
  // Set this before anything is aimed at: everything is larger on a touch screen.
  if (device === touch) await view.touchScreen(true);
  const press = (...path: readonly string[]): Promise<void> => device.press(view, path);
  /** In the guide's only step that can be done now. */
  const step = (part: string): readonly string[] => [...view.guide, 'campaign-action-button', `[part=${part}]`];

  const open = async (system: string, name: string): Promise<void> => {
    await press(...site.system(system));
    await press(...view.list, `row=${name}`, '[part=name]');
    await view.reads(view.header('[part=name]'), new RegExp(`^${name}$`));
  };
  /** Presses a button that offers this action. */
  const act = async (verb: string, button = view.button): Promise<void> => {
    await view.reads(button, new RegExp(`^${verb}`));
    await pause(GUARD_MS);
    await press(...button);
  };
  const readsCause = (): Promise<void> =>
    device.readMessage(view, view.header('campaign-status-tag', '[part=tag]'), () =>
      view.reads(view.header('campaign-status-tag', '[part=popup]'), /Email.*not running/s),
    );

  // Python: the disabled button says why, the guide leads out of the error.
  await open('Python', LETTERS_NAME);
  await view.shows(LETTERS_NAME, 'Created');
  await act('Start');
  await view.reads(view.header('campaign-action-button', '[part=popup]'), /contacts and a Data Load strategy/);
  assert.deepEqual(view.actions, [], 'a disabled button sends nothing');
  for (const what of ['contacts', 'strategy'])
    await view.command({ do: 'campaigns.setPrerequisite', with: [LETTERS, what, true] });
  await view.shows(LETTERS_NAME, 'Configured');
  await act('Start');
  await view.shows(LETTERS_NAME, 'Running');
  await view.command({ do: 'dependencies.set', with: [EMAIL, 'stopped', 'the certificate has expired'] });
  await view.shows(LETTERS_NAME, 'Error');
  await readsCause();
  await act('Force stop', step('button'));
  await view.reads(step('confirm'), new RegExp(LETTERS_NAME));
  await pause(GUARD_MS);
  await press(...step('confirm-go'));
  await view.shows(LETTERS_NAME, 'Configured');
  await view.command({ do: 'dependencies.set', with: [EMAIL, 'running'] });
  await act('Start', step('button'));
  await view.shows(LETTERS_NAME, 'Running');
  await act('Stop');
  await view.shows(LETTERS_NAME, 'Configured');

  // Flows: Start leads out of the error.
  await open('Flows', TIER_NAME);
  await view.command({ do: 'campaigns.setPrerequisite', with: [TIER, 'active-flow', true] });
  await until(async () => !(await view.spoken(...view.button)).disabled, 'Start is enabled');
  await act('Start');
  await view.shows(TIER_NAME, 'Active');
  await view.command({ do: 'dependencies.set', with: [EMAIL, 'stopped'] });
  await view.shows(TIER_NAME, 'Error');
  await readsCause();
  await view.command({ do: 'dependencies.set', with: [EMAIL, 'running'] });
  await act('Start');
  await view.shows(TIER_NAME, 'Active');
  await act('Stop');
  await view.shows(TIER_NAME, 'Inactive');

  const sent = ['start', 'force-stop', 'start', 'stop'].map((action) => `${LETTERS.id}/actions/${action}`);
  assert.deepEqual(view.actions, [
    ...sent,
    ...['start', 'start', 'stop'].map((action) => `${TIER.id}/actions/${action}`),
  ]);
  view.assertQuiet();
}
