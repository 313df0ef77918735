import assert from 'node:assert/strict';
import type { CampaignPage } from '../e2e/campaign-page.ts';
import { pause } from '../until.ts';

const LETTERS = { system: 'python', id: 'anniversary-letters' };
const NAME = 'Anniversary letters';
const EMAIL = { kind: 'channel', id: 'email' } as const;

/**
 * Plays the recovery of a Python campaign in an app of examples/: forced to stop, fixed, started again. Each app has a `nav` with the
 * systems, the number of errors in `#errors`, and the latest outcome in an `output`.
 */
export async function playRecovery(view: CampaignPage): Promise<void> {
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
}
