/**
 * Runs both lifecycles in rendered pages with a real mouse, keys and touch: once in the static Storybook over the mock
 * worker, once in a plain host page over a real port. Every legal transition is taken, every other one is tried.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { CampaignPage } from '../../support/e2e/campaign-page.ts';
import { hostSite, storybookSite, type SimulationStep, type Site } from '../../support/e2e/sites.ts';
import { pause, until } from '../../support/until.ts';

const LETTERS = { system: 'python', id: 'anniversary-letters' };
const LETTERS_NAME = 'Anniversary letters';
const TIER = { system: 'flows', id: 'loyalty-tier-upgrade' };
const TIER_NAME = 'Loyalty tier upgrade';

/** What a store adds to the promised heartbeat (ms). */
const SLACK_MS = 2_000;

const contacts: SimulationStep = {
  label: 'Contacts',
  command: { do: 'campaigns.setPrerequisite', with: [LETTERS, 'contacts', true] },
};
const strategy: SimulationStep = {
  label: 'Data Load strategy',
  command: { do: 'campaigns.setPrerequisite', with: [LETTERS, 'strategy', true] },
};
const noContacts: SimulationStep = {
  label: 'Contacts',
  command: { do: 'campaigns.setPrerequisite', with: [LETTERS, 'contacts', false] },
};
const noStrategy: SimulationStep = {
  label: 'Data Load strategy',
  command: { do: 'campaigns.setPrerequisite', with: [LETTERS, 'strategy', false] },
};
const activeFlow: SimulationStep = {
  label: 'Active flow',
  command: { do: 'campaigns.setPrerequisite', with: [TIER, 'active-flow', true] },
};
const breakEmail: SimulationStep = {
  label: 'Email',
  command: {
    do: 'dependencies.set',
    with: [{ kind: 'channel', id: 'email' }, 'stopped', 'the certificate of the gateway has expired'],
  },
};
const fixEmail: SimulationStep = {
  label: 'Email',
  command: { do: 'dependencies.set', with: [{ kind: 'channel', id: 'email' }, 'running'] },
};
const raise: SimulationStep = { label: 'Raise an exception', command: { do: 'campaigns.raise', with: [LETTERS] } };
const refuse: SimulationStep = {
  label: 'Refuse it',
  command: { do: 'faults.refuseNext', with: [{ code: 'invalid', reason: 'The provider is being serviced.' }] },
};
const cut: SimulationStep = { label: 'Cut', command: { do: 'faults.cutFeed' } };
const stall: SimulationStep = { label: 'Silent', command: { do: 'faults.stallFeed' } };
const flow: SimulationStep = { label: 'Flowing', command: { do: 'faults.restoreFeed' } };

describe('the Storybook', () => {
  it('opens with the Lifecycle story', async (t) => {
    const site = await storybookSite();
    t.after(() => site.close());
    const browser = await puppeteer.launch(await findBrowser());
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(site.home);
    await until(async () => page.url().includes('/story/lifecycle--flows-and-python'), 'the address names the story');
  });
});

// Each has its own browser and mostly waits, so both run at once.
describe('both lifecycles', { concurrency: 2 }, () => {
  for (const make of [storybookSite, hostSite]) play(make);
});

function play(make: () => Promise<Site>): void {
  describe(
    make === storybookSite ? 'in the static Storybook, over the mock worker' : 'in a host page, over a real port',
    { concurrency: 1 }, // They share one page and its mouse.
    () => {
      let site: Site;
      let browser: Browser;
      let view: CampaignPage;

      before(async () => {
        site = await make();
        browser = await puppeteer.launch(await findBrowser());
        view = await CampaignPage.open(await browser.newPage(), site);
      });
      // Close whatever was started, even after a failed start: an open browser or server keeps the whole run waiting.
      after(() => (browser as Browser | undefined)?.close());
      after(() => (site as Site | undefined)?.close());

      it('python: Created, Configured, Running, Error, Force stop, fixed, Running', async () => {
        await view.system('Python');
        await view.choose(LETTERS_NAME);

        // Created: both prerequisites are missing, then one.
        await view.shows(LETTERS_NAME, 'Created');
        await view.assertDisabled(/contacts and a Data Load strategy/);
        await view.assertRefusals(LETTERS);
        await view.simulate(contacts);
        await view.reads(view.header('campaign-action-button'), /Start/);
        await until(
          async () => !/contacts and/.test((await view.spoken(...view.button)).description),
          'one is missing',
        );
        await view.shows(LETTERS_NAME, 'Created');
        await view.assertDisabled(/a Data Load strategy/);
        await view.assertRefusals(LETTERS);

        // It becomes Configured by itself, and Created again when one is lost.
        await view.simulate(strategy);
        await view.shows(LETTERS_NAME, 'Configured');
        await view.assertRefusals(LETTERS);
        await view.simulate(noStrategy);
        await view.shows(LETTERS_NAME, 'Created');
        await view.simulate(strategy);
        await view.shows(LETTERS_NAME, 'Configured');

        // Running, Stop, and Stop after a loss that did not stop it.
        await view.act('Start');
        await view.shows(LETTERS_NAME, 'Running');
        await view.assertRefusals(LETTERS);
        await view.act('Stop');
        await view.shows(LETTERS_NAME, 'Configured');
        await view.act('Start');
        await view.shows(LETTERS_NAME, 'Running');
        await view.simulate(noContacts);
        await pause(300);
        await view.shows(LETTERS_NAME, 'Running');
        await view.act('Stop');
        await view.shows(LETTERS_NAME, 'Created');
        await view.simulate(contacts);
        await view.shows(LETTERS_NAME, 'Configured');
        await view.act('Start');
        await view.shows(LETTERS_NAME, 'Running');

        // Error: the tag names the cause.
        await view.simulate(breakEmail);
        await view.shows(LETTERS_NAME, 'Error');
        await view.assertRefusals(LETTERS);
        await view.hover(...view.tag(LETTERS_NAME));
        await view.reads(view.popup(LETTERS_NAME), /Email.*not running/s);
        await view.away();

        // Force stop by keyboard: Escape changes nothing, then it is confirmed.
        await view.reads(view.button, /^Force stop/);
        await pause(600);
        const sent = view.actions.length;
        const dialog = view.header('campaign-action-button', '[part=confirm]');
        await (await view.element(...view.button)).focus();
        await view.press('Enter');
        await view.reads(dialog, new RegExp(LETTERS_NAME));
        const confirmation = await view.spoken(...dialog);
        assert.equal(confirmation.role, 'alertdialog');
        assert.notEqual(confirmation.description, '');
        await view.press('Escape');
        await until(async () => !(await view.has(...dialog)), 'the dialog is gone');
        await view.press('Enter');
        await view.element(...dialog);
        await pause(600);
        assert.equal(view.actions.length, sent, 'nothing was sent before the confirmation');
        await view.press('Tab', 'Enter');
        await view.shows(LETTERS_NAME, 'Configured');
        assert.deepEqual(view.actions.slice(sent), [`${LETTERS.id}/actions/force-stop`]);

        await view.simulate(fixEmail);
        await view.act('Start');
        await view.shows(LETTERS_NAME, 'Running');
        await pause(1_000);
        await view.shows(LETTERS_NAME, 'Running');

        // Force stop leads to Created when something went missing meanwhile.
        await view.simulate(raise);
        await view.shows(LETTERS_NAME, 'Error');
        await view.simulate(noStrategy);
        await view.act('Force stop');
        await view.element(...dialog);
        await pause(600);
        await view.click(...dialog, '[part=confirm-go]');
        await view.shows(LETTERS_NAME, 'Created');
        await view.assertEqualsBackend('Python');
        view.assertQuiet();
      });

      it('flows: Inactive, Active, Error, a Start that falls back, fixed, Active, Inactive', async () => {
        await view.system('Flows');
        await view.choose(TIER_NAME);
        await view.shows(TIER_NAME, 'Inactive');
        await view.assertDisabled(/Activate at least one flow/);
        await view.assertRefusals(TIER);
        await view.simulate(activeFlow);
        await until(async () => !(await view.spoken(...view.button)).disabled, 'Start is enabled');
        await view.assertRefusals(TIER);
        await view.act('Start');
        await view.shows(TIER_NAME, 'Active');
        await view.assertRefusals(TIER);
        await view.act('Stop');
        await view.shows(TIER_NAME, 'Inactive');
        await view.act('Start');
        await view.shows(TIER_NAME, 'Active');

        await view.simulate(breakEmail);
        await view.shows(TIER_NAME, 'Error');
        await view.assertRefusals(TIER);
        for (let tries = 1; ; tries++) {
          const first = await view.record(TIER);
          const shownLabels = await view.watchHeader();
          await view.act('Start');
          const changes = until(
            async () => (await shownLabels()).length === 3,
            'it turned active, and fell back',
            5_000,
          );
          const seen = await changes.catch((error: unknown) => {
            // It is active for a moment only, and a busy machine may render nothing in that time: try again.
            if (tries === 3) throw error;
          });
          await view.shows(TIER_NAME, 'Error');
          if (!seen) continue;
          assert.deepEqual(await shownLabels(), ['Error', 'Active', 'Error']);
          const second = await view.record(TIER);
          assert.notEqual(second.message, first.message, 'a new message');
          assert.notEqual(second.at, first.at, 'a new time');
          break;
        }

        await view.simulate(fixEmail);
        await view.act('Start');
        await view.shows(TIER_NAME, 'Active');
        await pause(1_000);
        await view.shows(TIER_NAME, 'Active');
        await view.act('Stop');
        await view.shows(TIER_NAME, 'Inactive');
        await view.assertEqualsBackend('Flows');
        view.assertQuiet();
      });

      it('a refused Start changes nothing and shows the reason; Ask again sends a new request', async () => {
        await view.system('Flows');
        await view.choose(TIER_NAME);
        await view.shows(TIER_NAME, 'Inactive');
        view.tolerate(/status of 422 .*\/actions\//, /^console: campaign-status-kit: invalid \(reported once/);
        await view.simulate(refuse);
        const before = await view.record(TIER);
        const sent = view.actions.length;
        await view.act('Start');
        await view.reads(view.header('campaign-action-button', '[part=popup]'), /“Start” was refused.*being serviced/s);
        // Longer than a busy backend asks to wait: the refused action is not retried.
        await pause(1_500);
        await view.shows(TIER_NAME, 'Inactive');
        assert.deepEqual(await view.record(TIER), before);
        assert.equal(view.actions.length, sent + 1);
        await view.click(...view.header('campaign-action-button', '[part=popup]', 'button=Ask again'));
        await view.shows(TIER_NAME, 'Active');
        assert.equal(view.actions.length, sent + 2);
        await view.act('Stop');
        await view.shows(TIER_NAME, 'Inactive');
        view.assertQuiet();
      });

      it('at 320 px: shows the list or the campaign, and nothing overflows the screen', async () => {
        await view.closeSimulation();
        const { page } = view;
        const wide = page.viewport();
        await page.setViewport({ width: 320, height: 800 });
        const fits = async (): Promise<boolean> =>
          page.evaluate(() => innerWidth === 320 && document.documentElement.scrollWidth <= 320);
        await view.system('Flows');
        await until(fits, 'the list fits');
        await view.choose(TIER_NAME);
        await until(fits, 'the campaign fits');
        await page.setViewport(wide);
        await view.system('Flows');
        view.assertQuiet();
      });

      it('the message of a tag can be read by mouse, by keys, by touch and by assistive technology', async () => {
        await view.system('Flows');
        const name = 'Spring sale launch';
        const message = (await view.record({ system: 'flows', id: 'spring-sale-launch' })).message ?? '';
        const [line = ''] = message.split('\n');
        const whole = new RegExp(
          message
            .split(/\s+/)
            .map((word) => word.replace(/\W/g, '.'))
            .join('\\s+'),
        );
        assert.match(line, /WhatsApp/);

        for (let tries = 1; ; tries++) {
          await view.hover(...view.tag(name));
          await view.reads(view.popup(name), whole);
          // The mouse may move into the popup. On a busy machine it may stay between the two for too long: try again.
          await view.hover(...view.popup(name));
          await pause(400);
          if (tries === 3 || (await view.has(...view.popup(name)))) break;
        }
        await view.reads(view.popup(name), whole);
        await view.away();
        await until(async () => !(await view.has(...view.popup(name))), 'it closes');

        // By keyboard alone, from the row above: focus opens the popup, Enter keeps it open.
        await view.click(...view.tag('Review request'));
        await view.press('Escape', 'ArrowDown');
        await view.reads(view.popup(name), whole);
        await view.press('Enter');
        await view.reads(view.popup(name), whole);
        await view.press('Escape');
        await until(async () => !(await view.has(...view.popup(name))), 'it closes');

        // Set this before aiming at anything: everything is larger on a touch screen.
        await view.touchScreen(true);
        await view.tap(...view.tag(name));
        await view.reads(view.popup(name), whole);
        await view.press('Escape');
        await view.touchScreen(false);

        const spoken = await view.spoken(...view.tag(name));
        assert.equal(spoken.role, 'button');
        assert.equal(spoken.name, 'Status: Error');
        assert.ok(spoken.description.includes(line), `"${spoken.description}" says "${line}"`);
        view.assertQuiet();
      });

      it('a lost feed: last known within two seconds, and the current status once it is back', async () => {
        await view.system('Flows');
        await view.choose(TIER_NAME);
        view.tolerate(/net::ERR_(FAILED|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)/);
        const lastKnown = async (ms: number): Promise<void> => {
          await until(
            async () => (await view.rows()).every(({ since }) => /^Last known \d/.test(since)),
            'every tag says since when it is last known',
            ms,
          );
          await view.reads(view.header('campaign-status-tag'), /Last known \d/);
        };

        await view.simulate(cut);
        await lastKnown(2_000);
        // The page receives this only when the feed is back.
        await view.command({ do: 'campaigns.raise', with: [{ system: 'flows', id: 'cart-left-behind' }] });
        await view.command({ do: 'campaigns.remove', with: [{ system: 'flows', id: 'back-in-stock' }] });
        await view.command({ do: 'campaigns.add', with: [{ system: 'flows', name: 'Added meanwhile' }] });
        await lastKnown(500);
        await view.simulate(flow);
        await view.leave();
        await view.assertEqualsBackend('Flows');

        await view.simulate(stall);
        await lastKnown(site.heartbeatMs + SLACK_MS + 1_000);
        await view.command({ do: 'campaigns.fill', with: [3, 'flows'] });
        await view.simulate(flow);
        await view.leave();
        await view.assertEqualsBackend('Flows');
        view.assertQuiet();
      });
    },
  );
}
