import { isAbsent } from '../../util/is-absent.ts';
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
    id: 'change-reported',
    title: 'An open feed reports new and changed campaigns.',
    why: 'The screen would show an old status as the current one.',
    fix: 'After `synced`, yield an `upsert` with the whole row for every change, no matter who made it.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const { id } = await control.seedOne();
      const recorder = await context.synced();
      const name = fresh('Renamed');
      await control.change(id, { name });
      const renamed = await recorder.waitForRow(id, named(name), `name "${name}"`);
      const status = Object.keys(control.lifecycle.statuses).find((other) => other !== control.restingStatus)!;
      await control.change(id, { status });
      // Another rule checks which status it is.
      await recorder.waitForRow(id, (row) => row['status'] !== renamed['status'], `status "${status}"`);
      const added = await control.seedOne();
      await recorder.waitForRow(added.id, () => true);
    },
  },
  {
    id: 'change-during-snapshot',
    title: 'A change during a snapshot is not lost.',
    why: 'The campaign would show its old status until its next change, which may never come.',
    fix: 'Subscribe to changes before you list, and send what arrived meanwhile after the pages. Or read the changes since the position before the list.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const made = await control.seed({}, {}, {}, {});
      const [first, ...rest] = made.map(({ id }) => ({ id, name: fresh('Renamed') }));
      const waiting = [...rest];
      const rename = async (one: { id: string; name: string } | undefined): Promise<void> => {
        if (one) await control.change(one.id, { name: one.name });
      };
      // One change after each of the first messages: `open`, a page, `synced`.
      const recorder = context.watch({ hook: () => rename(waiting.shift()) });
      await rename(first);
      await recorder.synced();
      while (waiting.length) await rename(waiting.shift());
      await context.fence(recorder);
      for (const { id, name } of [first!, ...rest])
        await recorder.waitForRow(id, named(name), `name "${name}", set while the snapshot was read`, {
          by: 'change-reported',
        });
    },
  },
  {
    id: 'change-in-order',
    title: 'The rows of one campaign are states it really had, in order, and end with the latest.',
    why: 'Otherwise the status jumps back to an old one, for a moment or for good.',
    fix: 'Take state and revision from the same read. Never give a new revision to data that was read earlier.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const { id, name } = await control.seedOne();
      const recorder = await context.synced();
      const names = [name, ...Array.from({ length: 8 }, (_, n) => `${fresh('State')} of 8, ${n + 1}`)];
      for (const next of names.slice(1)) await control.change(id, { name: next });
      const last = names.at(-1)!;
      await recorder.waitForRow(id, named(last), `its last name, "${last}"`);
      await context.fence(recorder);
      let place = 0;
      for (const row of recorder.rowsOf(id)) {
        const found = names.indexOf(String(row['name']), place);
        if (found < 0)
          context.broken(
            `The campaign was renamed ${formatValue(names.slice(0, 3))} and so on, up to ${formatValue(last)}, and after ${formatValue(names[place])} the feed sent ${formatValue(row)}.`,
          );
        place = found;
      }
    },
  },
  {
    id: 'revision-grows',
    title: 'Every change of a campaign has a higher revision than the change before.',
    why: 'The store orders rows by revision alone. It takes a change with the old revision for a duplicate and never shows it.',
    fix: "Use a version or sequence number that the backend keeps. Don't use a time in ms: two changes can share it.",
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      const recorder = await context.synced();
      for (let change = 0; change < 3; change++) {
        const before = recorder.rowsOf(id).at(-1);
        const name = fresh('Renamed');
        await context.control.change(id, { name });
        const row = await recorder.waitForRow(id, named(name), `name "${name}"`);
        if (before && context.revisionOf(row) <= context.revisionOf(before))
          context.broken(`After revision ${formatValue(before['revision'])} a change came with ${formatValue(row)}.`);
      }
    },
  },
  {
    id: 'revision-still',
    level: 'should',
    title: 'A campaign that does not change keeps its revision.',
    why: 'The store treats a row with a new revision as a change: lists redraw, and screen readers announce it.',
    fix: 'Send only what changed. When polling, compare each row with the one before.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const [changing, still] = await context.control.seed({}, {});
      const recorder = await context.synced();
      for (let change = 0; change < 2; change++) {
        const name = fresh('Renamed');
        await context.control.change(changing!.id, { name });
        await recorder.waitForRow(changing!.id, named(name), `name "${name}"`);
      }
      await context.fence(recorder);
      const [first, ...more] = recorder.rowsOf(still!.id);
      const renewed = first && more.find((row) => context.revisionOf(row) > context.revisionOf(first));
      if (renewed)
        context.broken(
          `Only another campaign changed, and after ${formatValue(first)} the feed sent ${formatValue(renewed)}.`,
        );
    },
  },
  {
    id: 'revision-steady',
    title: 'A later feed of the same epoch never sends a lower revision.',
    why: 'The store keeps the higher revision and ignores the new feed until it has caught up. The screen freezes after every reconnect.',
    fix: 'Number rows in the backend, or once per adapter, but not per feed. Otherwise give each feed its own epoch.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      const first = await context.synced();
      const name = fresh('Renamed');
      await context.control.change(id, { name });
      const before = await first.waitForRow(id, named(name), `name "${name}"`);
      first.stop();
      const second = await context.synced();
      const after = second.row(id);
      if (!after || second.epoch !== first.epoch) return;
      if (context.revisionOf(after) < context.revisionOf(before))
        context.broken(
          `One feed sent ${formatValue(before)}, and the next one of the same epoch ${formatValue(after)}.`,
        );
      if (after['revision'] === before['revision'])
        for (const field of ['name', 'status'])
          if (after[field] !== before[field])
            context.broken(
              `With the same revision one feed sent ${formatValue(before)}, and the next one ${formatValue(after)}.`,
            );
    },
  },
  {
    id: 'revision-after-removal',
    title: 'A campaign that is created again after its removal has a higher revision than before.',
    why: 'The store takes a lower revision for a late row of the removed campaign and does not show it.',
    fix: 'Count revisions per system or per id, and keep the count when the row is removed.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const { id } = await control.seedOne();
      const recorder = await context.synced();
      const name = fresh('Renamed');
      await control.change(id, { name });
      const before = await recorder.waitForRow(id, named(name), `name "${name}"`);
      await control.remove(id);
      await recorder.waitForRemoval(id);
      const removal = recorder.removalsOf(id).at(-1)!;
      const again = fresh('Again');
      const back = await control.seedOne({ id, name: again });
      if (back.id !== id) context.skip('the backend assigns its own ids, so none is used again');
      const row = await recorder.waitForRow(id, named(again), `name "${again}" after its removal`);
      const highest = Math.max(context.revisionOf(before), Number(removal.revision ?? -1));
      if (context.revisionOf(row) <= highest)
        context.broken(
          `The feed sent ${formatValue(before)}, then the removal ${formatValue(removal)}, then ${formatValue(row)}.`,
        );
    },
  },
  {
    id: 'removal-reported',
    title: 'An open feed reports a removal with `remove`.',
    why: 'The campaign would stay on screen, with a button that can only fail.',
    fix: 'Yield `{ type: "remove", items: [{ id }] }`. When polling, do so for each id that is missing from the new list.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      const recorder = await context.synced();
      await context.control.remove(id);
      await recorder.waitForRemoval(id);
    },
  },
  {
    id: 'removal-revision',
    title: 'The revision of a removal is not lower than that of the last row.',
    why: 'The store takes a lower one for an old removal and keeps the campaign.',
    fix: 'Give the removal its own revision, or leave it out: then the removal applies to the last known revision.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      const recorder = await context.synced();
      const name = fresh('Renamed');
      await context.control.change(id, { name });
      const row = await recorder.waitForRow(id, named(name), `name "${name}"`);
      await context.control.remove(id);
      await recorder.waitForRemoval(id);
      const removal = recorder.removalsOf(id).at(-1)!;
      if (!isAbsent(removal.revision) && Number(removal.revision) < context.revisionOf(row))
        context.broken(`After ${formatValue(row)} the feed sent the removal ${formatValue(removal)}.`);
    },
  },
  {
    id: 'removal-lasts',
    title: 'A feed sends no row of a removed campaign after its removal.',
    why: 'The campaign would reappear, and nothing would remove it again.',
    fix: 'When an id is removed, drop its queued rows, and ignore it in list answers that were requested before.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { id } = await context.control.seedOne();
      const recorder = await context.synced();
      const name = fresh('Renamed');
      await context.control.change(id, { name });
      await context.control.remove(id);
      await recorder.waitForRemoval(id);
      const from = recorder.messages.findIndex(
        (change) => change.type === 'remove' && change.items.some((item) => item.id === id),
      );
      await context.fence(recorder);
      const after = recorder.rowsOf(id, from)[0];
      if (after) context.broken(`After the removal of the campaign the feed sent ${formatValue(after)}.`);
    },
  },
  {
    id: 'removal-while-away',
    title: 'A campaign removed while no feed was open is removed for the next feed.',
    why: 'A store that reconnects keeps its rows. It removes only rows with a `remove` and rows that a complete snapshot does not name.',
    fix: 'Name only existing campaigns in the next snapshot. If it is `partial`, report the removal with `remove`.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const [one, two] = await context.control.seed({}, {});
      const first = await context.synced();
      first.stop();
      await first.ended(context.timeouts.stopMs);
      await context.control.remove(one!.id);
      const second = await context.synced({ base: first.known });
      const removed = await second.until(() => !second.row(one!.id));
      if (!removed)
        context.broken(
          `After the next feed the removed campaign is still known${second.howItEnded}, as ${formatValue(second.row(one!.id))}.`,
        );
      if (!second.row(two!.id))
        context.blocked('snapshot-complete', 'The campaign that was not removed is missing too.');
    },
  },
]);
