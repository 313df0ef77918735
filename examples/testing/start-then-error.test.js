// @ts-nocheck: plain JavaScript, as a host without types writes it.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { simulateBackend, simulatedAdapter } from 'campaign-status-kit/mocks';
import { mount, press, settled, tagOf, unmount } from 'campaign-status-kit/testing';

afterEach(unmount);

test('a campaign that fails after its start shows the error', async () => {
  const backend = simulateBackend({ tickMs: 0, processingMs: 0 });
  const page = await mount('<campaign-header system="flows" campaign-id="welcome-series"></campaign-header>', {
    adapter: simulatedAdapter(backend),
  });
  await press(page);
  assert.equal(tagOf(page).text, 'Active');
  backend.campaigns.force({ system: 'flows', id: 'welcome-series' }, { status: 'error', message: 'SMS is down.' });
  await settled(page);
  assert.equal(tagOf(page).text, 'Error');
  assert.equal(tagOf(page).message, 'SMS is down.');
});
