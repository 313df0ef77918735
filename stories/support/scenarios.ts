/** What may happen to campaigns, as a sequence of what the simulated backend does. */
import type { SimulatedBackend } from '../../mocks/index.ts';
import type { CampaignRef } from '../../src/index.ts';

/** One thing that happens. */
interface ScenarioStep {
  /** When, in ms after the start. */
  readonly at: number;
  /** What, as a sentence for the timeline. */
  readonly what: string;
  readonly run: (backend: SimulatedBackend) => void;
}

/** A sequence that plays by itself. */
export interface Scenario {
  readonly title: string;
  /** What to look for. */
  readonly look: string;
  /** The campaign that is chosen. */
  readonly ref: CampaignRef;
  /** Prepares the backend before anything is read. */
  readonly prepare?: (backend: SimulatedBackend) => void;
  readonly steps: readonly ScenarioStep[];
}

const ANNIVERSARY: CampaignRef = { system: 'flows', id: 'anniversary-week' };
const SMS = { kind: 'channel', id: 'sms' };

/** A campaign that sends text messages, at the top of its list. */
function addCampaign({ campaigns }: SimulatedBackend): void {
  campaigns.add({
    ...ANNIVERSARY,
    name: 'Anniversary week',
    met: ['active-flow'],
    status: 'active',
    dependencies: [SMS],
  });
}

/** Campaigns that all send text messages. */
function addMany({ campaigns }: SimulatedBackend, count: number): void {
  for (let n = 0; n < count; n++)
    campaigns.add({
      system: ANNIVERSARY.system,
      name: `Reminder ${n + 1}`,
      met: ['active-flow'],
      status: 'active',
      dependencies: [SMS],
    });
}

export const channelGoesDown: Scenario = {
  title: 'A channel goes down under load',
  look: 'Every campaign that needs the channel turns red, each with the reason. When it runs again, nothing starts by itself: the guide says that Start can work now.',
  ref: ANNIVERSARY,
  prepare: (backend) => {
    addCampaign(backend);
    addMany(backend, 200);
  },
  steps: [
    {
      at: 3_000,
      what: 'The channel SMS stops: the provider refused the login.',
      run: ({ dependencies }) => dependencies.set(SMS, 'stopped', 'the provider refused the login (535 5.7.8)'),
    },
    {
      at: 12_000,
      what: 'The channel SMS runs again.',
      run: ({ dependencies }) => dependencies.set(SMS, 'running'),
    },
  ],
};

const PREVIEW: CampaignRef = { system: 'python', id: 'vip-preview' };

export const forceStopRefused: Scenario = {
  title: 'Force stop is refused',
  look: 'Press Force stop within the first minute: the button says why it was refused, and offers it again. The second time it works.',
  ref: PREVIEW,
  prepare: ({ campaigns, faults }) => {
    campaigns.add({
      ...PREVIEW,
      name: 'VIP preview',
      met: ['contacts', 'strategy'],
      status: 'running',
      dependencies: [{ kind: 'channel', id: 'email' }],
    });
    campaigns.raise(PREVIEW, 'ValueError: the strategy returned no contact for row 412');
    faults.refuseNext({
      action: 'force-stop',
      code: 'invalid',
      reason: 'The engine is writing a checkpoint. Try again in a minute.',
    });
  },
  steps: [
    { at: 0, what: 'The engine writes a checkpoint, and refuses the next Force stop.', run: () => {} },
    {
      at: 60_000,
      what: 'The checkpoint is written; Force stop works.',
      run: ({ faults }) => faults.clear(),
    },
  ],
};

export const feedLost: Scenario = {
  title: 'The feed is lost for a minute',
  look: 'Within a second or so, no tag stays green: each says which status was last known, and when. Meanwhile the campaign fails; that shows as soon as the feed is back.',
  ref: ANNIVERSARY,
  prepare: addCampaign,
  steps: [
    { at: 3_000, what: 'The connection is cut.', run: ({ faults }) => faults.cutFeed() },
    {
      at: 20_000,
      what: 'Anniversary week fails. Nobody on this page can know.',
      run: ({ dependencies }) => dependencies.set(SMS, 'stopped', 'the provider refused the login (535 5.7.8)'),
    },
    { at: 63_000, what: 'The connection is back.', run: ({ faults }) => faults.restoreFeed() },
  ],
};

export const unknownStatus: Scenario = {
  title: 'A newer backend sends an unknown status',
  look: 'The tag shows the word as it came, in neutral colours, and the button is disabled with the reason. The list gets a filter for it.',
  ref: ANNIVERSARY,
  prepare: addCampaign,
  steps: [
    {
      at: 3_000,
      what: 'The backend was updated, and calls the status "archived".',
      run: ({ campaigns }) => campaigns.force(ANNIVERSARY, { status: 'archived' }),
    },
    {
      at: 15_000,
      what: 'It is Active again.',
      run: ({ campaigns }) => campaigns.force(ANNIVERSARY, { status: 'active' }),
    },
  ],
};

export const thousandChanges: Scenario = {
  title: 'A thousand changes at once',
  look: 'Rows do not move under the pointer or the focus, the counts change once, and a screen reader hears one sentence.',
  ref: ANNIVERSARY,
  prepare: (backend) => {
    addCampaign(backend);
    addMany(backend, 1_000);
  },
  steps: [
    {
      at: 4_000,
      what: 'A thousand campaigns fail in the same moment.',
      run: ({ campaigns }) => {
        for (const { id, name } of campaigns.list(ANNIVERSARY.system))
          if (name?.startsWith('Reminder'))
            campaigns.move({ system: ANNIVERSARY.system, id }, 'error', 'The quota of the day is used up.');
      },
    },
  ],
};
