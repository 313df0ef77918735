import type { Position } from '../../adapters/contract.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { fresh } from '../checked-control.ts';
import { codeOf, formatError, formatValue } from '../format-value.ts';
import type { RuleGroup } from '../rule.ts';
import { RuleBroken, skip } from '../rule-errors.ts';
import type { RuleContext } from '../rule-context.ts';
import type { Row, WatchOptions, WatchRecorder } from '../watch-recorder.ts';

/** Changes, removals, and the revisions that order them. */
export const changeRules: RuleGroup = {
  group: 'Changes and revisions',
  requires: ['control', 'feed-schema', 'change-reported'],
  rules: {
    'change-reported': {
      title: 'An open feed reports new and changed campaigns.',
      why: 'The screen would show an old status as the current one.',
      fix: 'After `synced`, yield an `upsert` with the whole row for every change, no matter who made it.',
      check: async (context) => {
        const { control } = context;
        const { id, feed } = await context.seededOne();
        const renamed = await context.renamed(feed, id);
        const status = Object.keys(control.lifecycle.statuses).find((other) => other !== control.restingStatus)!;
        await control.call('change', id, { status });
        // Another rule checks which status it is.
        await feed.waitForRow(id, (row) => row['status'] !== renamed['status'], `status "${status}"`);
        const added = await control.seedOne();
        await feed.waitForRow(added.id, () => true);
      },
    },
    'change-during-snapshot': {
      title: 'A change during a snapshot is not lost.',
      why: 'The campaign would show its old status until its next change, which may never come.',
      fix: 'Subscribe to changes before you list, and send what arrived meanwhile after the pages. Or read the changes since the position before the list.',
      check: async (context) => {
        const { control } = context;
        const made = await control.seed({}, {}, {}, {});
        const names = new Map<string, string>();
        const waiting = made.map(({ id }) => id);
        const renameNext = async (): Promise<void> => {
          const id = waiting.shift();
          if (id !== undefined) names.set(id, await control.rename(id));
        };
        // One change after each of the first messages: `open`, a page, `synced`.
        const feed = context.watch({ hook: renameNext });
        await renameNext();
        await feed.synced();
        while (waiting.length) await renameNext();
        await context.fence(feed);
        for (const [id, name] of names) await feed.named(id, name);
      },
    },
    'change-in-order': {
      title: 'The rows of one campaign are states it really had, in order, and end with the latest.',
      why: 'Otherwise the status jumps back to an old one, for a moment or for good.',
      fix: 'Take state and revision from the same read. Never give a new revision to data that was read earlier.',
      check: async (context) => {
        const { made, feed } = await context.seeded({});
        const { id, name } = made[0]!;
        const names = [name];
        for (let n = 1; n <= 8; n++) names.push(await context.control.rename(id, `${fresh('State')} of 8, ${n}`));
        await feed.named(id, names.at(-1)!);
        await context.fence(feed);
        let place = 0;
        for (const row of feed.rowsOf(id)) {
          const found = names.indexOf(String(row['name']), place);
          if (found < 0)
            return `The campaign was renamed ${formatValue(names.slice(0, 3))} and so on, up to ${formatValue(names.at(-1))}, and after ${formatValue(names[place])} the feed sent ${formatValue(row)}.`;
          place = found;
        }
      },
    },
    'change-not-overtaken': {
      ruleSet: 3,
      title: 'An event that was sent before a list was read does not undo what the list said.',
      why: 'Lists and events take different ways, so a slow event arrives after a newer list. The old status, or a removed campaign, would stay on screen until the next change.',
      fix: 'Keep the row with the higher revision. Without revisions, use an event only as a sign to read its campaign again: `pollingAdapter({ list, act, listen })`.',
      // What they check in one feed goes wrong here too.
      requires: ['feed-two-at-once', 'removal-revision', 'removal-lasts', 'removal-while-away'],
      check: async (context) => {
        const { control } = context;
        const { made, feed } = await context.seeded({}, {});
        const [changed, removed] = made.map(({ id }) => id) as [string, string];
        const names = [made[0]!.name];
        await control.holdPushes(true);
        for (let change = 0; change < 2; change++) names.push(await control.rename(changed));
        await control.rename(removed);
        await control.remove(removed);
        // It begins with a list of what the events have still to say.
        const second = await context.synced();
        await control.holdPushes(false);
        await context.fence(feed, second);
        for (const recorder of [feed, second]) {
          const rows = newerRows(context, recorder, changed);
          const places = rows.map((row) => names.indexOf(String(row['name'])));
          if (places.some((place, index) => index > 0 && place < places[index - 1]!))
            return `The campaign was renamed ${names.map(formatValue).join(', then ')}, and the feed sent ${rows.map(formatValue).join(', then ')}.`;
          if (recorder.row(changed)?.['name'] !== names.at(-1))
            return `The campaign was renamed ${formatValue(names.at(-1))}, and is known as ${formatValue(recorder.row(changed))}.`;
          if (recorder.row(removed))
            return `A removed campaign is known again, as ${formatValue(recorder.row(removed))}.`;
        }
      },
    },
    'revision-grows': {
      title: 'Every change of a campaign has a higher revision than the change before.',
      why: 'The store orders rows by revision alone. It takes a change with the old revision for a duplicate and never shows it.',
      fix: "Use a version or sequence number that the backend keeps. Don't use a time in ms: two changes can share it.",
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        for (let change = 0; change < 3; change++) {
          const before = feed.rowsOf(id).at(-1);
          const row = await context.renamed(feed, id);
          if (before && context.revisionOf(row) <= context.revisionOf(before))
            return `After revision ${formatValue(before['revision'])} a change came with ${formatValue(row)}.`;
        }
      },
    },
    'revision-still': {
      level: 'should',
      title: 'A campaign that does not change keeps its revision.',
      why: 'The store treats a row with a new revision as a change: lists redraw, and screen readers announce it.',
      fix: 'Send only what changed. When polling, compare each row with the one before.',
      check: async (context) => {
        const { made, feed } = await context.seeded({}, {});
        for (let change = 0; change < 2; change++) await context.renamed(feed, made[0]!.id);
        await context.fence(feed);
        const [first, ...more] = feed.rowsOf(made[1]!.id);
        const renewed = first && more.find((row) => context.revisionOf(row) > context.revisionOf(first));
        if (renewed)
          return `Only another campaign changed, and after ${formatValue(first)} the feed sent ${formatValue(renewed)}.`;
      },
    },
    'revision-steady': {
      title: 'A later feed of the same epoch never sends a lower revision.',
      why: 'The store keeps the higher revision and ignores the new feed until it has caught up. The screen freezes after every reconnect.',
      fix: 'Number rows in the backend, or once per adapter, but not per feed. Otherwise give each feed its own epoch.',
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        const before = await context.renamed(feed, id);
        feed.stop();
        const second = await context.synced();
        const after = second.row(id);
        if (!after || second.epoch !== feed.epoch) return;
        if (context.revisionOf(after) < context.revisionOf(before))
          return `One feed sent ${formatValue(before)}, and the next one of the same epoch ${formatValue(after)}.`;
        const differs = ['name', 'status'].some((field) => after[field] !== before[field]);
        if (differs && after['revision'] === before['revision'])
          return `With the same revision one feed sent ${formatValue(before)}, and the next one ${formatValue(after)}.`;
      },
    },
    'revision-after-removal': {
      title: 'A campaign that is created again after its removal has a higher revision than before.',
      why: 'The store takes a lower revision for a late row of the removed campaign and does not show it.',
      fix: 'Count revisions per system or per id, and keep the count when the row is removed.',
      requires: ['removal-reported'],
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        const before = await context.renamed(feed, id);
        await context.control.remove(id);
        const removal = await feed.removal(id);
        const name = fresh('Again');
        const back = await context.control.seedOne({ id, name });
        if (back.id !== id) skip('the backend assigns its own ids, so none is used again');
        const row = await feed.named(id, name);
        if (context.revisionOf(row) <= Math.max(context.revisionOf(before), Number(removal['revision'] ?? -1)))
          return `The feed sent ${formatValue(before)}, then the removal ${formatValue(removal)}, then ${formatValue(row)}.`;
      },
    },
    'removal-reported': {
      title: 'An open feed reports a removal with `remove`.',
      why: 'The campaign would stay on screen, with a button that can only fail.',
      fix: 'Yield `{ type: "remove", items: [{ id }] }`. When polling, do so for each id that is missing from the new list.',
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        await context.control.remove(id);
        await feed.removal(id);
      },
    },
    'removal-revision': {
      title: 'The revision of a removal is not lower than that of the last row.',
      why: 'The store takes a lower one for an old removal and keeps the campaign.',
      fix: 'Give the removal its own revision, or leave it out: then the removal applies to the last known revision.',
      requires: ['removal-reported'],
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        const row = await context.renamed(feed, id);
        await context.control.remove(id);
        const removal = await feed.removal(id);
        if (!isAbsent(removal['revision']) && Number(removal['revision']) < context.revisionOf(row))
          return `After ${formatValue(row)} the feed sent the removal ${formatValue(removal)}.`;
      },
    },
    'removal-lasts': {
      title: 'A feed sends no row of a removed campaign after its removal.',
      why: 'The campaign would reappear, and nothing would remove it again.',
      fix: 'When an id is removed, drop its queued rows, and ignore it in list answers that were requested before.',
      requires: ['removal-reported'],
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        await context.control.rename(id);
        await context.control.remove(id);
        await feed.removal(id);
        const from = feed.messages.findIndex(
          (change) => change.type === 'remove' && change.items.some((item) => item.id === id),
        );
        await context.fence(feed);
        const [after] = feed.rowsOf(id, from);
        if (after) return `After the removal of the campaign the feed sent ${formatValue(after)}.`;
      },
    },
    'removal-while-away': {
      title: 'A campaign removed while no feed was open is removed for the next feed.',
      why: 'A store that reconnects keeps its rows. It removes only rows with a `remove` and rows that a complete snapshot does not name.',
      fix: 'Name only existing campaigns in the next snapshot. If it is `partial`, report the removal with `remove`.',
      requires: ['snapshot-complete'],
      check: async (context) => {
        const { made, feed } = await context.seeded({}, {});
        const [one, two] = made.map(({ id }) => id) as [string, string];
        await feed.stopped();
        await context.control.remove(one);
        const second = await context.synced({ base: feed.known });
        if (!(await second.until(() => !second.row(one))))
          return `After the next feed the removed campaign is still known${second.howItEnded}, as ${formatValue(second.row(one))}.`;
        if (!second.row(two)) return 'The campaign that was not removed is missing too.';
      },
    },
  },
};

/** The rows of a campaign that a store would take over: each newer than all before it. */
function newerRows(context: RuleContext, feed: WatchRecorder, id: string): readonly Row[] {
  let newest = -1;
  return feed.rowsOf(id).filter((row) => {
    const isNewer = context.revisionOf(row) > newest;
    if (isNewer) newest = context.revisionOf(row);
    return isNewer;
  });
}

/** Resuming from a position. Repeating known rows is harmless; leaving something out is not. */
export const resumeRules: RuleGroup = {
  group: 'Resuming',
  requires: ['feed-schema'],
  rules: {
    'resume-complete': {
      title:
        'A feed that resumes from a position reports everything that was missed: changes, new campaigns and removals.',
      why: 'A laptop that was closed for an hour would show the status of an hour ago.',
      fix: 'Send everything after the cursor before `synced`. If those changes are no longer kept, throw `AdapterError("expired")`, or open with a snapshot.',
      requires: ['control'],
      check: async (context) => {
        const { control } = context;
        const { made, feed } = await context.seeded({}, {}, {});
        const [changed, removed, unchanged] = made.map(({ id }) => id) as [string, string, string];
        const since = positionOf(feed);
        await feed.stopped();
        const name = await control.rename(changed);
        await control.remove(removed);
        const added = await control.seedOne();
        const resumed = await resumeFrom(context, { since, base: feed.known });
        if (!resumed) return;
        // A partial snapshot may report the removal later.
        if (resumed.open?.mode === 'snapshot') await resumed.until(() => !resumed.row(removed));
        const mistakes = {
          [`a changed campaign is known as ${formatValue(resumed.row(changed))}`]:
            resumed.row(changed)?.['name'] !== name,
          'a removed campaign is still known': resumed.row(removed),
          'a new campaign is missing': !resumed.row(added.id),
          'a campaign that did not change is missing': !resumed.row(unchanged),
        };
        const [mistake] = Object.entries(mistakes).find(([, isMade]) => isMade) ?? [];
        if (mistake !== undefined)
          return `After a resume from ${formatValue(since)} ${mistake}; the feed sent ${resumed.summary}.`;
      },
    },
    'resume-every-cursor': {
      title: 'A feed can be resumed from every cursor, and a cursor covers only what was sent up to it.',
      why: 'The store resumes from the last cursor it received. If a cursor is ahead of the rows, the rows in between are lost.',
      fix: 'Send the position of the last row with each message, and with `synced` the position read before the rows.',
      requires: ['control', 'change-reported'],
      check: async (context) => {
        const { made, feed } = await context.seeded({}, {}, {});
        positionOf(feed);
        for (const { id } of made) await context.renamed(feed, id);
        const { rows } = feed.known;
        await feed.stopped();
        for (const { position, known } of feed.positions) {
          const resumed = await resumeFrom(context, { since: position, base: known });
          const lost = resumed && made.find(({ id }) => resumed.row(id)?.['name'] !== rows.get(id)?.['name']);
          if (lost)
            return `After a resume from ${formatValue(position)} the campaign ${formatValue(lost.id)} is known as ${formatValue(resumed.row(lost.id))}, and is ${formatValue(rows.get(lost.id))}.`;
          resumed?.stop();
        }
      },
    },
    'resume-other-epoch': {
      title: 'A position of another epoch leads to a snapshot, or to `expired`.',
      why: 'Cursors of another epoch mean nothing in this one. A feed that resumes from one is silent or leaves changes out.',
      fix: 'Compare `since.epoch` with the current epoch. If they differ, ignore `since`, or throw `AdapterError("expired")`.',
      check: async (context) => {
        const feed = await context.populated();
        feed.stop();
        if (!feed.epoch) skip('the feed names no epoch');
        return wrongResume(context, { epoch: fresh('no-such-epoch'), cursor: feed.position?.cursor ?? '1' });
      },
    },
    'resume-from-the-future': {
      title: 'A cursor that was never sent leads to a snapshot, or to `expired`.',
      why: 'After a restored backup, cursors sent since that backup are ahead of the backend. A feed that waits for such a cursor stays silent until it is reached.',
      fix: 'Compare the cursor with the latest one. If it is ahead of it or invalid, throw `AdapterError("expired")`.',
      check: async (context) => {
        const feed = await context.populated();
        const { epoch, cursor } = positionOf(feed);
        feed.stop();
        return wrongResume(context, { epoch, cursor: /^\d+$/.test(cursor) ? `9${cursor}` : `${cursor}~never` });
      },
    },
    'resume-expired': {
      title: 'A position that is no longer kept leads to a snapshot, or to `expired`.',
      why: "Compacted changes can't be sent. A feed that resumes anyway hides them.",
      fix: 'Find out where the kept changes begin before you resume. If the cursor is older, throw `AdapterError("expired")`.',
      requires: ['control.expireCursors'],
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        const since = positionOf(feed);
        await feed.stopped();
        const name = await context.control.rename(id);
        await context.control.call('expireCursors');
        const resumed = await resumeFrom(context, { since, base: feed.known });
        if (resumed && resumed.row(id)?.['name'] !== name)
          return `The changes after ${formatValue(since)} are no longer kept; the feed sent ${resumed.summary}, and the changed campaign is known as ${formatValue(resumed.row(id))}.`;
      },
    },
    'epoch-renewed': {
      title: 'When revisions start over, open feeds end, and the next feed names another epoch.',
      why: 'Within one epoch the store ignores lower revisions. After a restored backup the screen would not change any more.',
      fix: 'Set `open.epoch` to a value that changes with every restore, such as an id made when the data is loaded.',
      requires: ['control.newEpoch', 'snapshot-complete'],
      check: async (context) => {
        const { id, feed } = await context.seededOne();
        const { position } = feed;
        await context.control.call('newEpoch');
        if (!(await feed.ended())) return `Revisions started over, and the open feed continued${feed.howItEnded}.`;
        const next = await context.syncedSoon();
        if (next.epoch === feed.epoch)
          return `Revisions started over, and the next feed named the same epoch, ${formatValue(next.epoch)}.`;
        if (!next.row(id)) return 'The next snapshot does not name the campaign.';
        return position && wrongResume(context, position);
      },
    },
  },
};

/** The last position of a feed. Skips the rule if there is none, because such a feed can't be resumed. */
function positionOf({ position }: WatchRecorder): Position {
  return position ?? skip('the feed sends no cursor, so every feed starts with a snapshot');
}

/**
 * Resumes from a position and waits for the end of the catch-up.
 *
 * @returns `undefined` if the feed ended with `expired`, which is a valid answer
 * @throws RuleBroken if the feed does not open or catch up
 */
async function resumeFrom(context: RuleContext, options: WatchOptions): Promise<WatchRecorder | undefined> {
  const feed = context.watch(options);
  await feed.settled();
  if (hasExpired(feed)) return undefined;
  const what = `A resume from ${formatValue(options.since)}`;
  if (!feed.isSynced || feed.end) throw new RuleBroken(`${what} sent ${feed.summary}${feed.howItEnded}.`);
  if (feed.open?.mode === 'resume' && feed.epoch !== options.since?.epoch)
    throw new RuleBroken(`${what} opened with ${formatValue(feed.open)}, in another epoch.`);
  return feed;
}

/** What is wrong with a resume from an invalid position, if it leads neither to a snapshot nor to `expired`. */
async function wrongResume(context: RuleContext, since: Position): Promise<string | undefined> {
  const feed = context.watch({ since });
  await feed.settled();
  if (hasExpired(feed)) return undefined;
  const what = `A resume from the invalid position ${formatValue(since)}`;
  if (feed.end?.how === 'failed') return `${what} threw ${formatError(feed.end.error)} instead of \`expired\`.`;
  if (feed.open?.mode !== 'snapshot' || !feed.isSynced)
    return `${what} sent ${feed.summary}, starting with ${formatValue(feed.messages[0])}${feed.end ? feed.howItEnded : ''}.`;
}

function hasExpired({ end }: WatchRecorder): boolean {
  return end?.how === 'failed' && codeOf(end.error) === 'expired';
}
