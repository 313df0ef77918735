import type { Lifecycle } from '../../lifecycle/index.ts';
import { settle } from '../../lifecycle/index.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue } from '../format-value.ts';
import type { RuleContext } from '../rule-context.ts';
import type { SeedCampaign } from '../subject.ts';
import { rowsIn, type Row, type WatchRecorder } from '../watch-recorder.ts';

const DEFAULT_MANY = 250;

/** What a snapshot holds. */
export const snapshotRules: readonly Rule[] = rules('The snapshot', [
  {
    id: 'snapshot-complete',
    title: 'A snapshot names every campaign that there is.',
    why: 'A complete snapshot takes away what it does not name: campaigns vanish from the screen while they run.',
    fix: "List all of the system's campaigns before `synced`, or say `partial: true` on it, and tell the rest soon.",
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const made = await stage.control.seed({}, {}, {}, {}, {});
      await expectAll(stage, await stage.synced(), made);
    },
  },
  {
    id: 'snapshot-empty',
    title: 'A snapshot without any campaign ends with `synced` too.',
    why: 'A new user, with no campaign yet, would look at “Loading” forever. Some engines send nothing at all for an empty store.',
    fix: 'Ask the engine first whether there is anything; if not, yield `synced` at once.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      if (stage.control.door.clear) await stage.control.use('clear');
      const watching = await stage.synced();
      const left = watching.known.rows.size;
      if (left > 0) stage.skip(`the system holds ${left} campaigns; start it empty, or give the back door \`clear\``);
    },
  },
  {
    id: 'snapshot-many',
    title: 'A snapshot of many campaigns is as complete as one of few.',
    why: "What lies behind the first page of the backend's list would never be shown.",
    fix: 'Read page after page until there is no more. With offsets, mind that rows move while you read.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const many = stage.subject.many ?? DEFAULT_MANY;
      const made = await stage.control.seed(...Array.from({ length: many }, () => ({})));
      await expectAll(stage, await stage.synced(), made);
    },
  },
  {
    id: 'snapshot-rows-once',
    level: 'should',
    title: 'A snapshot names each campaign once.',
    why: 'Of two rows for one campaign one is old, and `count` does not match any more.',
    fix: 'When rows move between pages while you read, keep the one with the higher revision.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      const seen = new Set<string>();
      for (const change of watching.messages)
        for (const row of change.type === 'page' ? rowsIn(change) : []) {
          if (seen.has(row.id))
            stage.broken(`${formatValue(row.id)} came twice, the second time as ${formatValue(row)}.`);
          seen.add(row.id);
        }
    },
  },
  {
    id: 'row-faithful',
    title: 'A row says what the backend holds: name, status, message, and what is missing.',
    why: "This is what people read. A status under another word is a lie; an error without its message can't be mended.",
    fix: "Map each field of the backend's, and its words to those of the lifecycle.",
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const made = await stage.control.seed(...oneOfEach(stage.control.lifecycle));
      const watching = await stage.synced();
      for (const campaign of made) {
        const row = watching.row(campaign.id);
        if (row) compare(stage, campaign, row);
      }
    },
  },
  {
    id: 'row-system',
    title: 'Rows are of the system that was asked for.',
    why: 'The store drops a row that names another system: one id map for two systems shows the campaigns of one under the other.',
    fix: 'Keep state per system, and filter by system at the source.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const watching = await stage.synced();
      for (const row of watching.known.rows.values())
        if (row['system'] !== undefined && row['system'] !== stage.system)
          stage.broken(`The feed of ${formatValue(stage.system)} told ${formatValue(row)}.`);
    },
  },
  {
    id: 'systems-apart',
    title: 'The same id in two systems is two campaigns.',
    why: 'A press on Stop in one list would show, or stop, the campaign of the other.',
    fix: 'Key every map by system and id, never by id alone.',
    needs: ['control', 'other'],
    run: async (stage: RuleContext) => {
      const { other } = stage.subject;
      const [mine] = await stage.control.seed({ name: 'Here' });
      const [theirs] = await stage.otherControl(other!).seed({ id: mine!.id, name: 'There' });
      if (mine!.id !== theirs!.id) stage.skip('the backend gives ids of its own, so that no two are equal');
      const here = stage.watch();
      const there = stage.watch({}, other!.system);
      await here.synced();
      await there.synced();
      expectName(stage, here, mine!.id, 'Here');
      expectName(stage, there, mine!.id, 'There');
      await stage.control.change(mine!.id, { name: 'Here, renamed' });
      await here.told(mine!.id, (row) => row['name'] === 'Here, renamed', 'its new name');
      await stage.fence(here);
      expectName(stage, there, mine!.id, 'There');
    },
  },
]);

async function expectAll(stage: RuleContext, watching: WatchRecorder, made: readonly SeedCampaign[]): Promise<void> {
  const missing = (): readonly SeedCampaign[] => made.filter(({ id }) => !watching.row(id));
  const synced = watching.messages.find((change) => change.type === 'synced') as { partial?: boolean };
  // What a partial snapshot leaves out may follow.
  if (synced.partial) await watching.until(() => !missing().length || !!watching.end);
  const left = missing();
  if (!left.length) return;
  const ids = left.slice(0, 3).map(({ id }) => formatValue(id));
  stage.broken(
    `Of ${made.length} campaigns that were there before, the snapshot named ${made.length - left.length}` +
      `${synced.partial ? `; it was \`partial\`, and the others did not follow${watching.howItEnded}` : ''}` +
      `; missing: ${ids.join(', ')}${left.length > 3 ? ' …' : ''}.`,
  );
}

function expectName(stage: RuleContext, watching: WatchRecorder, id: string, name: string): void {
  const row = watching.row(id);
  if (row?.['name'] !== name)
    stage.broken(`The campaign named "${name}" in its own system was told as ${row ? formatValue(row) : 'absent'}.`);
}

/** A campaign in each status that it can rest in; with a message where a fault leads. */
function oneOfEach(lifecycle: Lifecycle): readonly Partial<SeedCampaign>[] {
  const faulty = new Set(Object.values(lifecycle.statuses).map(({ fault }) => fault));
  return Object.entries(lifecycle.statuses).map(([status, { needs = [] }]) => ({
    status,
    missing: settle(lifecycle, status, []) === status ? [] : needs,
    ...(faulty.has(status) ? { message: `It went wrong.\nTwice.` } : {}),
  }));
}

function compare(stage: RuleContext, made: SeedCampaign, row: Row): void {
  for (const field of ['name', 'status', 'message'] as const)
    if (made[field] !== undefined && row[field] !== made[field])
      stage.broken(`The backend holds \`${field}\` ${formatValue(made[field])}, and the row is ${formatValue(row)}.`);
  const missing = row['missing'] as readonly string[] | undefined;
  // Absent: not known.
  if (Array.isArray(missing) && sorted(missing) !== sorted(made.missing))
    stage.broken(`The backend holds \`missing\` ${formatValue(made.missing)}, and the row is ${formatValue(row)}.`);
}

function sorted(words: readonly string[] = []): string {
  return [...words].sort().join();
}
