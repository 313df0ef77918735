/**
 * Over a REST backend that pushes, with events that arrive after a newer list: an adapter that takes over pushed rows breaks the rule
 * about it, and `pollingAdapter` with `listen` keeps it. The page "Wire your backend" proves the latter against all rules.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { eventsFromResponse, type CampaignAdapter, type Change } from '../../../src/adapters/index.ts';
import { formatReport, runConformance, type ConformanceReport, type Subject } from '../../../src/conformance/index.ts';
import { DocFolder } from '../../support/doc-blocks.ts';
import { startRestPushBackend } from '../../support/rest-push-backend.ts';

const RULE = 'change-not-overtaken';

describe('events that arrive after a newer list', () => {
  const folder = new DocFolder('.polling-push-conformance');
  let server: Awaited<ReturnType<typeof startRestPushBackend>>;
  let origin: string;
  let subject: Subject;

  before(async () => {
    server = await startRestPushBackend();
    ({ origin } = new URL(server.src));
    for (const name of ['campaigns.js', 'subject.js']) {
      const example = new URL(`../../../examples/adapters/list-and-push/${name}`, import.meta.url);
      await folder.write(name, (await readFile(example, 'utf8')).replaceAll('http://127.0.0.1:4100', origin));
    }
    ({ default: subject } = await folder.load<{ default: Subject }>('subject.js'));
  });

  after(async () => {
    await server.close();
    await folder.remove();
  });

  const check = (adapt: (adapter: CampaignAdapter<unknown>) => CampaignAdapter<unknown>): Promise<ConformanceReport> =>
    runConformance(
      { ...subject, createAdapter: async () => adapt(await subject.createAdapter()) },
      { only: ['removal-reported', RULE] },
    );

  test('are only a sign to read again for `pollingAdapter`', async () => {
    const report = await check((adapter) => adapter);
    assert.ok(report.ok, formatReport(report));
    assert.equal(report.counts.passed, 2);
  });

  test('undo the list in an adapter that takes over their rows', async () => {
    const report = await check((adapter) => ({ ...adapter, watch: mergingWatch(`${origin}/v2/flows`) }));
    assert.deepEqual(
      report.results.filter(({ status }) => status === 'failed').map(({ id }) => id),
      [RULE],
      formatReport(report),
    );
  });
});

interface Row {
  readonly campaign_id: number;
  readonly display_name?: string;
  readonly run_state?: string;
}

/** Lists once, and then takes every pushed row for the newest. It counts revisions itself. */
function mergingWatch(api: string): CampaignAdapter<unknown>['watch'] {
  let revision = 0;
  const row = ({ campaign_id, display_name, run_state }: Row): object => ({
    id: String(campaign_id),
    name: display_name,
    status: run_state === 'RUNNING' ? 'active' : 'inactive',
    revision: ++revision,
  });
  return async function* ({ signal }): AsyncGenerator<Change<unknown>> {
    const events = await eventsFromResponse(await fetch(`${api}/events`, { signal }), signal);
    yield { type: 'open', mode: 'snapshot' };
    const list = await fetch(`${api}/campaigns?limit=1000`, { signal });
    yield { type: 'page', items: ((await list.json()) as { data: Row[] }).data.map(row) };
    yield { type: 'synced' };
    for await (const { event, data } of events) {
      const pushed = JSON.parse(data) as Row;
      if (event === 'campaign_updated') yield { type: 'upsert', items: [row(pushed)] };
      else yield { type: 'remove', items: [{ id: String(pushed.campaign_id), revision: ++revision }] };
    }
  };
}
