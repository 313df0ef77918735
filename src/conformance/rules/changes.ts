import { rules, type Rule } from '../rule.ts';
import { formatValue } from '../format-value.ts';
import { fresh, type RuleContext } from '../rule-context.ts';
import type { Row } from '../watch-recorder.ts';

const named =
  (name: string) =>
  (row: Row): boolean =>
    row['name'] === name;

/** Changes, removals, and the revisions that order them. */
export const changeRules: readonly Rule[] = rules('Changes and revisions', [
  {
    id: 'change-told',
    title: 'New and changed campaigns are told while the feed is open.',
    why: 'The screen would show the past as the present.',
    fix: 'After `synced` yield an `upsert` with the whole row for every change, whoever made it.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const { id } = await control.seedOne();
      const watching = await stage.synced();
      const name = fresh('Renamed');
      await control.change(id, { name });
      const told = await watching.told(id, named(name), `name "${name}"`);
      const status = Object.keys(control.lifecycle.statuses).find((word) => word !== control.restingStatus)!;
      await control.change(id, { status });
      // By which word it is told is for another rule to say.
      await watching.told(id, (row) => row['status'] !== told['status'], `status "${status}"`);
      const added = await control.seedOne();
      await watching.told(added.id, () => true);
    },
  },
  {
    id: 'change-during-snapshot',
    title: 'What changes while a snapshot is being read is not lost.',
    why: 'It would show its old status until it changes again, which for a stopped campaign is never.',
    fix: 'Subscribe to changes before you list, and tell what came meanwhile after the pages; or list again from the position before.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const made = await control.seed({}, {}, {}, {});
      const [first, ...rest] = made.map(({ id }) => ({ id, name: fresh('Renamed') }));
      const waiting = [...rest];
      const rename = async (one: { id: string; name: string } | undefined): Promise<void> => {
        if (one) await control.change(one.id, { name: one.name });
      };
      // One change after each of the first messages: `open`, a page, `synced`.
      const watching = stage.watch({ hook: () => rename(waiting.shift()) });
      await rename(first);
      await watching.synced();
      while (waiting.length) await rename(waiting.shift());
      await stage.fence(watching);
      for (const { id, name } of [first!, ...rest])
        await watching.told(id, named(name), `name "${name}", which it got while the snapshot was read`, {
          by: 'change-told',
        });
    },
  },
  {
    id: 'change-in-order',
    title: 'The rows told of one campaign are states that it had, in their order, up to the last one.',
    why: 'A status that jumps back for a moment, or for good, is a lie with a timestamp.',
    fix: 'Take state and revision from one read, and never put a new revision on what was read before.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const { id, name } = await control.seedOne();
      const watching = await stage.synced();
      const names = [name, ...Array.from({ length: 8 }, (_, n) => `${fresh('State')} of 8, ${n + 1}`)];
      for (const next of names.slice(1)) await control.change(id, { name: next });
      const last = names.at(-1)!;
      await watching.told(id, named(last), `its last name, "${last}"`);
      await stage.fence(watching);
      let place = 0;
      for (const row of watching.rowsOf(id)) {
        const found = names.indexOf(String(row['name']), place);
        if (found < 0)
          stage.broken(
            `The campaign was renamed from ${formatValue(names.slice(0, 3))} on to ${formatValue(last)}, and after ${formatValue(names[place])} came ${formatValue(row)}.`,
          );
        place = found;
      }
    },
  },
  {
    id: 'revision-grows',
    title: 'Every change of a campaign has a higher revision than the one before.',
    why: 'The store orders rows by revision alone. A change under the old one is taken for a duplicate, and never shown.',
    fix: 'Take a version or sequence number that the backend keeps. A time in ms is none: two changes can share one.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      const watching = await stage.synced();
      for (let change = 0; change < 3; change++) {
        const before = watching.rowsOf(id).at(-1);
        const name = fresh('Renamed');
        await stage.control.change(id, { name });
        const row = await watching.told(id, named(name), `name "${name}"`);
        if (before && stage.revisionOf(row) <= stage.revisionOf(before))
          stage.broken(`After revision ${formatValue(before['revision'])} a change came as ${formatValue(row)}.`);
      }
    },
  },
  {
    id: 'revision-still',
    level: 'should',
    title: 'A campaign that does not change keeps its revision.',
    why: 'Every row sent again as new is a change to the store: screen readers talk without end, and lists redraw.',
    fix: 'Tell what changed, and nothing else. When polling, compare each row with the one before.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const [changing, still] = await stage.control.seed({}, {});
      const watching = await stage.synced();
      for (let change = 0; change < 2; change++) {
        const name = fresh('Renamed');
        await stage.control.change(changing!.id, { name });
        await watching.told(changing!.id, named(name), `name "${name}"`);
      }
      await stage.fence(watching);
      const [first, ...more] = watching.rowsOf(still!.id);
      const renewed = first && more.find((row) => stage.revisionOf(row) > stage.revisionOf(first));
      if (renewed)
        stage.broken(`Only another campaign changed, and after ${formatValue(first)} came ${formatValue(renewed)}.`);
    },
  },
  {
    id: 'revision-steady',
    title: 'Another feed of the same epoch never tells a lower revision.',
    why: 'The store keeps the higher one, so what the new feed tells is ignored until it has caught up: a frozen screen after every reconnect.',
    fix: 'Number rows in the backend, or once per adapter, never per feed; else give each feed an epoch of its own.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      const first = await stage.synced();
      const name = fresh('Renamed');
      await stage.control.change(id, { name });
      const before = await first.told(id, named(name), `name "${name}"`);
      first.stop();
      const second = await stage.synced();
      const after = second.row(id);
      if (!after || second.epoch !== first.epoch) return;
      if (stage.revisionOf(after) < stage.revisionOf(before))
        stage.broken(`One feed told ${formatValue(before)}, and the next one of the same epoch ${formatValue(after)}.`);
      if (after['revision'] === before['revision'])
        for (const field of ['name', 'status'])
          if (after[field] !== before[field])
            stage.broken(
              `Under one revision one feed told ${formatValue(before)}, and the next one ${formatValue(after)}.`,
            );
    },
  },
  {
    id: 'revision-after-removal',
    title: 'A campaign that comes back after its removal has a higher revision than before.',
    why: 'The store takes a lower one for a late echo of the removed campaign, and does not show it.',
    fix: 'Count revisions per system or per id, and keep the count when the row goes.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const { id } = await control.seedOne();
      const watching = await stage.synced();
      const name = fresh('Renamed');
      await control.change(id, { name });
      const before = await watching.told(id, named(name), `name "${name}"`);
      await control.remove(id);
      await watching.toldGone(id);
      const removal = watching.removalsOf(id).at(-1)!;
      const again = fresh('Back');
      const back = await control.seedOne({ id, name: again });
      if (back.id !== id) stage.skip('the backend gives ids of its own, so that none comes back');
      const row = await watching.told(id, named(again), `name "${again}" after its removal`);
      const highest = Math.max(stage.revisionOf(before), Number(removal.revision ?? -1));
      if (stage.revisionOf(row) <= highest)
        stage.broken(
          `The campaign was told as ${formatValue(before)}, removed with ${formatValue(removal)}, and came back as ${formatValue(row)}.`,
        );
    },
  },
  {
    id: 'removal-told',
    title: 'A removal is told with `remove` while the feed is open.',
    why: 'The campaign would stay on screen, with a button that can only fail.',
    fix: 'Yield `{ type: "remove", items: [{ id }] }`. When polling: for each id that is missing from the new list.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      const watching = await stage.synced();
      await stage.control.remove(id);
      await watching.toldGone(id);
    },
  },
  {
    id: 'removal-revision',
    title: 'The revision of a removal is not lower than that of the last row.',
    why: 'The store takes it for late, and keeps the campaign.',
    fix: 'Give the removal a revision of its own, or leave it out: then it counts as of the last one known.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      const watching = await stage.synced();
      const name = fresh('Renamed');
      await stage.control.change(id, { name });
      const row = await watching.told(id, named(name), `name "${name}"`);
      await stage.control.remove(id);
      await watching.toldGone(id);
      const removal = watching.removalsOf(id).at(-1)!;
      if (removal.revision !== undefined && Number(removal.revision) < stage.revisionOf(row))
        stage.broken(`After ${formatValue(row)} came the removal ${formatValue(removal)}.`);
    },
  },
  {
    id: 'removal-lasts',
    title: 'Nothing is told of a removed campaign after its removal.',
    why: 'It would rise from the dead, and nothing would ever take it away again.',
    fix: 'Drop what is still queued for an id when it goes, and let no late answer of a list bring it back.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { id } = await stage.control.seedOne();
      const watching = await stage.synced();
      const name = fresh('Renamed');
      await stage.control.change(id, { name });
      await stage.control.remove(id);
      await watching.toldGone(id);
      const from = watching.messages.findIndex(
        (change) => change.type === 'remove' && change.items.some((item) => item.id === id),
      );
      await stage.fence(watching);
      const after = watching.rowsOf(id, from)[0];
      if (after) stage.broken(`After its removal the campaign was told as ${formatValue(after)}.`);
    },
  },
  {
    id: 'removal-while-away',
    title: 'What was removed while nobody watched is gone for the next feed.',
    why: 'A store that reconnects keeps its rows, and takes away only what it is told to, or what a complete snapshot does not name.',
    fix: 'Name in the next snapshot only what there is; if that is `partial`, tell the removal with `remove`.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const [one, two] = await stage.control.seed({}, {});
      const first = await stage.synced();
      first.stop();
      await first.ended(stage.timeouts.stopMs);
      await stage.control.remove(one!.id);
      const second = await stage.synced({ base: first.known });
      const gone = await second.until(() => !second.row(one!.id));
      if (!gone)
        stage.broken(
          `The removed campaign is still known to the next feed${second.howItEnded}, as ${formatValue(second.row(one!.id))}.`,
        );
      if (!second.row(two!.id)) stage.blocked('snapshot-complete', `The other campaign is gone, too.`);
    },
  },
]);
