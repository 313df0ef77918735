import type { Lifecycle } from '../../lifecycle/index.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue } from '../format-value.ts';
import type { RuleContext } from '../rule-context.ts';
import type { SeedCampaign } from '../subject.ts';
import { rowsIn, type Row, type WatchRecorder } from '../watch-recorder.ts';
import { mayBeIn, resting } from './action-setup.ts';

const DEFAULT_MANY = 250;

/** The contents of a snapshot. */
export const snapshotRules: readonly Rule[] = rules('The snapshot', [
  {
    id: 'snapshot-complete',
    title: 'A snapshot names every existing campaign.',
    why: 'The store removes what a complete snapshot does not name: running campaigns disappear from the screen.',
    fix: 'List all campaigns of the system before `synced`, or send `partial: true` with it and the rest soon after.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const made = await context.control.seed({}, {}, {}, {}, {});
      await expectAll(context, await context.synced(), made);
    },
  },
  {
    id: 'snapshot-empty',
    title: 'A snapshot without campaigns ends with `synced` too.',
    why: 'A new user without campaigns would see “Loading” forever. Some engines send nothing at all if they have no data.',
    fix: 'Ask the engine first whether it has any data; if not, yield `synced` at once.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      if (context.control.offers('clear')) await context.control.use('clear');
      const recorder = await context.synced();
      const left = recorder.known.rows.size;
      if (left > 0)
        context.skip(`the system has ${left} campaigns; start it empty, or add \`clear\` to the backend control`);
    },
  },
  {
    id: 'snapshot-many',
    title: 'A snapshot of many campaigns is complete.',
    why: "Campaigns after the first page of the backend's list would never be shown.",
    fix: 'Read pages until there are no more. With offsets, expect rows to move between pages while you read.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const many = context.subject.many ?? DEFAULT_MANY;
      const made = await context.control.seed(...Array.from({ length: many }, () => ({})));
      await expectAll(context, await context.synced(), made);
    },
  },
  {
    id: 'snapshot-rows-once',
    level: 'should',
    title: 'A snapshot names each campaign once.',
    why: 'One of two rows of the same campaign is old, and `count` no longer matches.',
    fix: 'If a row moves between pages while you read, keep the copy with the higher revision.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      const seen = new Set<string>();
      for (const change of recorder.messages)
        for (const row of change.type === 'page' ? rowsIn(change) : []) {
          if (seen.has(row.id))
            context.broken(`${formatValue(row.id)} came twice, the second time as ${formatValue(row)}.`);
          seen.add(row.id);
        }
    },
  },
  {
    id: 'row-faithful',
    title: 'A row has the same name, status, message and missing prerequisites as the backend.',
    why: "This is what users read. A wrong status misleads them, and an error without its message can't be fixed.",
    fix: 'Map each field of the backend, and its status words to those of the lifecycle.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const made = await context.control.seed(...oneOfEach(context.control.lifecycle));
      const recorder = await context.synced();
      for (const campaign of made) {
        const row = recorder.row(campaign.id);
        if (row) compare(context, campaign, row);
      }
    },
  },
  {
    id: 'row-system',
    title: 'A feed sends rows of the requested system only.',
    why: 'The store drops a row that names another system. An adapter that mixes systems would show campaigns under the wrong one.',
    fix: 'Keep state per system, and filter by system at the source.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const recorder = await context.synced();
      for (const row of recorder.known.rows.values())
        if (!isAbsent(row['system']) && row['system'] !== context.system)
          context.broken(`The feed of ${formatValue(context.system)} sent ${formatValue(row)}.`);
    },
  },
  {
    id: 'systems-apart',
    title: 'The same id in two systems means two campaigns.',
    why: 'Stop in one list would stop, or show, the campaign of the other.',
    fix: 'Key every map by system and id, never by id alone.',
    needs: ['control', 'other'],
    run: async (context: RuleContext) => {
      const { other } = context.subject;
      const [mine] = await context.control.seed({ name: 'Here' });
      const [theirs] = await context.otherControl(other!).seed({ id: mine!.id, name: 'There' });
      if (mine!.id !== theirs!.id) context.skip('the backend assigns its own ids, so no two are equal');
      const here = context.watch();
      const there = context.watch({}, other!.system);
      await here.synced();
      await there.synced();
      expectName(context, here, mine!.id, 'Here');
      expectName(context, there, mine!.id, 'There');
      await context.control.change(mine!.id, { name: 'Here, renamed' });
      await here.waitForRow(mine!.id, (row) => row['name'] === 'Here, renamed', 'its new name');
      await context.fence(here);
      expectName(context, there, mine!.id, 'There');
    },
  },
]);

async function expectAll(context: RuleContext, recorder: WatchRecorder, made: readonly SeedCampaign[]): Promise<void> {
  const missing = (): readonly SeedCampaign[] => made.filter(({ id }) => !recorder.row(id));
  const synced = recorder.messages.find((change) => change.type === 'synced') as { partial?: boolean };
  // Rows that a partial snapshot leaves out may follow.
  if (synced.partial) await recorder.until(() => !missing().length || !!recorder.end);
  const left = missing();
  if (!left.length) return;
  const ids = left.slice(0, 3).map(({ id }) => formatValue(id));
  context.broken(
    `Of ${made.length} campaigns that existed before, the snapshot named ${made.length - left.length}` +
      `${synced.partial ? `; it was \`partial\`, and the others did not follow${recorder.howItEnded}` : ''}` +
      `; missing: ${ids.join(', ')}${left.length > 3 ? ' …' : ''}.`,
  );
}

function expectName(context: RuleContext, recorder: WatchRecorder, id: string, name: string): void {
  const row = recorder.row(id);
  if (row?.['name'] !== name)
    context.broken(
      `The campaign is named "${name}" in its own system, and the feed sent ${row ? formatValue(row) : 'no row of it'}.`,
    );
}

/** One campaign in each status; with a message in statuses that faults lead to. */
function oneOfEach(lifecycle: Lifecycle): readonly Partial<SeedCampaign>[] {
  const faulty = new Set(Object.values(lifecycle.statuses).map(({ fault }) => fault));
  return Object.keys(lifecycle.statuses).map((status) => ({
    ...resting(lifecycle, status),
    ...(faulty.has(status) ? { message: `First line.\nSecond line.` } : {}),
  }));
}

function compare(context: RuleContext, made: SeedCampaign, row: Row): void {
  // The engine has moved it since.
  if (row['status'] !== made.status && mayBeIn(context.control.lifecycle, made.status, row['status'])) return;
  for (const field of ['name', 'status', 'message'] as const)
    if (made[field] !== undefined && row[field] !== made[field])
      context.broken(`The backend has \`${field}\` ${formatValue(made[field])}, and the row is ${formatValue(row)}.`);
  const missing = row['missing'] as readonly string[] | undefined;
  // Absent means unknown.
  if (Array.isArray(missing) && sorted(missing) !== sorted(made.missing))
    context.broken(`The backend has \`missing\` ${formatValue(made.missing)}, and the row is ${formatValue(row)}.`);
}

function sorted(words: readonly string[] = []): string {
  return [...words].sort().join();
}
