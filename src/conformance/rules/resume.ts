import type { Position } from '../../adapters/contract.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, type RuleContext } from '../rule-context.ts';
import { summary, type WatchRecorder, type WatchOptions } from '../watch-recorder.ts';

/** Resuming from a position. Repeating known rows is harmless; leaving something out is not. */
export const resumeRules: readonly Rule[] = rules('Resuming', [
  {
    id: 'resume-complete',
    title:
      'A feed that resumes from a position reports everything that was missed: changes, new campaigns and removals.',
    why: 'A laptop that was closed for an hour would show the status of an hour ago.',
    fix: 'Send everything after the cursor before `synced`. If those changes are no longer kept, throw `AdapterError("expired")`, or open with a snapshot.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const [changed, removed, unchanged] = await control.seed({}, {}, {});
      const first = await context.synced();
      const position = positionOf(context, first);
      first.stop();
      await first.ended(context.timeouts.stopMs);
      const name = fresh('Renamed');
      await control.change(changed!.id, { name });
      await control.remove(removed!.id);
      const added = await control.seedOne();
      const second = await resumeFrom(context, { since: position, base: first.known });
      if (!second) return;
      const received = (what: string): never =>
        context.broken(
          `After a resume from ${formatValue(position)} ${what}; the feed sent ${summary(second.messages)}.`,
        );
      if (second.row(changed!.id)?.['name'] !== name)
        received(`a changed campaign is known as ${formatValue(second.row(changed!.id))}`);
      // A partial snapshot may report the removal later.
      if (second.open?.mode === 'snapshot') await second.until(() => !second.row(removed!.id));
      if (second.row(removed!.id)) received('a removed campaign is still known');
      if (!second.row(added.id)) received('a new campaign is missing');
      if (!second.row(unchanged!.id)) received('a campaign that did not change is missing');
    },
  },
  {
    id: 'resume-every-cursor',
    title: 'A feed can be resumed from every cursor, and a cursor covers only what was sent up to it.',
    why: 'The store resumes from the last cursor it received. If a cursor is ahead of the rows, the rows in between are lost.',
    fix: 'Send the position of the last row with each message, and with `synced` the position read before the rows.',
    needs: ['control'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const made = await control.seed({}, {}, {});
      const first = await context.synced();
      positionOf(context, first);
      for (const { id } of made) {
        const name = fresh('Renamed');
        await control.change(id, { name });
        await first.waitForRow(id, (row) => row['name'] === name, `name "${name}"`);
      }
      const truth = first.known.rows;
      first.stop();
      await first.ended(context.timeouts.stopMs);
      for (const { position, known } of first.positions) {
        const next = await resumeFrom(context, { since: position, base: known });
        if (!next) continue;
        for (const { id } of made)
          if (next.row(id)?.['name'] !== truth.get(id)?.['name'])
            context.broken(
              `After a resume from ${formatValue(position)} the campaign ${formatValue(id)} is known as ${formatValue(next.row(id))}, and is ${formatValue(truth.get(id))}.`,
            );
        next.stop();
      }
    },
  },
  {
    id: 'resume-other-epoch',
    title: 'A position of another epoch leads to a snapshot, or to `expired`.',
    why: 'Cursors of another epoch mean nothing in this one. A feed that resumes from one is silent or leaves changes out.',
    fix: 'Compare `since.epoch` with the current epoch. If they differ, ignore `since`, or throw `AdapterError("expired")`.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const first = await context.synced();
      first.stop();
      if (!first.epoch) context.skip('the feed names no epoch');
      const cursor = first.position?.cursor ?? '1';
      await expectSnapshot(context, { epoch: fresh('no-such-epoch'), cursor });
    },
  },
  {
    id: 'resume-from-the-future',
    title: 'A cursor that was never sent leads to a snapshot, or to `expired`.',
    why: 'After a restored backup, cursors sent since that backup are ahead of the backend. A feed that waits for such a cursor stays silent until it is reached.',
    fix: 'Compare the cursor with the latest one. If it is ahead of it or invalid, throw `AdapterError("expired")`.',
    run: async (context: RuleContext) => {
      await context.someIds();
      const first = await context.synced();
      const { epoch, cursor } = positionOf(context, first);
      first.stop();
      await expectSnapshot(context, { epoch, cursor: /^\d+$/.test(cursor) ? `9${cursor}` : `${cursor}~never` });
    },
  },
  {
    id: 'resume-expired',
    title: 'A position that is no longer kept leads to a snapshot, or to `expired`.',
    why: "Compacted changes can't be sent. A feed that resumes anyway hides them.",
    fix: 'Find out where the kept changes begin before you resume. If the cursor is older, throw `AdapterError("expired")`.',
    needs: ['control.expireCursors'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const { id } = await control.seedOne();
      const first = await context.synced();
      const position = positionOf(context, first);
      first.stop();
      await first.ended(context.timeouts.stopMs);
      const name = fresh('Renamed');
      await control.change(id, { name });
      await control.use('expireCursors');
      const second = await resumeFrom(context, { since: position, base: first.known });
      if (second && second.row(id)?.['name'] !== name)
        context.broken(
          `The changes after ${formatValue(position)} are no longer kept; the feed sent ${summary(second.messages)}, and the changed campaign is known as ${formatValue(second.row(id))}.`,
        );
    },
  },
  {
    id: 'epoch-renewed',
    title: 'When revisions start over, open feeds end, and the next feed names another epoch.',
    why: 'Within one epoch the store ignores lower revisions. After a restored backup the screen would not change any more.',
    fix: 'Set `open.epoch` to a value that changes with every restore, such as an id made when the data is loaded.',
    needs: ['control.newEpoch'],
    run: async (context: RuleContext) => {
      const { control } = context;
      const { id } = await control.seedOne();
      const first = await context.synced();
      const { position } = first;
      await control.use('newEpoch');
      if (!(await first.ended(context.timeouts.answerMs)))
        context.broken(`Revisions started over, and the open feed continued${first.howItEnded}.`);
      const second = await context.syncedSoon();
      if (second.epoch === first.epoch)
        context.broken(`Revisions started over, and the next feed named the same epoch, ${formatValue(second.epoch)}.`);
      if (!second.row(id)) context.blocked('snapshot-complete', 'The next snapshot does not name the campaign.');
      if (position) await expectSnapshot(context, position);
    },
  },
]);

/** The last position of a feed. Skips the rule if there is none, because such a feed can't be resumed. */
function positionOf(context: RuleContext, recorder: WatchRecorder): Position {
  return recorder.position ?? context.skip('the feed sends no cursor, so every feed starts with a snapshot');
}

/**
 * Resumes from a position and waits for the end of the catch-up.
 *
 * @returns `undefined` if the feed ended with `expired`, which is a valid answer
 */
async function resumeFrom(context: RuleContext, options: WatchOptions): Promise<WatchRecorder | undefined> {
  const recorder = context.watch(options);
  await recorder.settled();
  if (hasExpired(recorder)) return undefined;
  if (!recorder.isSynced || recorder.end)
    context.blocked(
      recorder.messages.length ? 'feed-synced' : 'feed-again',
      `A resume from ${formatValue(options.since)} sent ${summary(recorder.messages)}${recorder.howItEnded}.`,
    );
  if (recorder.open?.mode === 'resume' && recorder.epoch !== options.since?.epoch)
    context.broken(
      `A resume from ${formatValue(options.since)} opened with ${formatValue(recorder.open)}, in another epoch.`,
    );
  return recorder;
}

/** Checks that a resume from an invalid position leads to a snapshot or to `expired`. */
async function expectSnapshot(context: RuleContext, since: Position): Promise<void> {
  const recorder = context.watch({ since });
  await recorder.settled();
  if (hasExpired(recorder)) return;
  if (recorder.end?.how === 'failed')
    context.broken(
      `A resume from ${formatValue(since)} threw ${formatError(recorder.end.error)} instead of \`expired\`.`,
    );
  if (!recorder.messages.length)
    context.blocked('feed-again', `A resume from ${formatValue(since)} sent nothing${recorder.howItEnded}.`);
  if (recorder.open?.mode !== 'snapshot' || !recorder.isSynced)
    context.broken(
      `A resume from the invalid position ${formatValue(since)} sent ${summary(recorder.messages)}, starting with ${formatValue(recorder.messages[0])}${recorder.end ? recorder.howItEnded : ''}.`,
    );
}

function hasExpired({ end }: WatchRecorder): boolean {
  if (end?.how !== 'failed') return false;
  const { name, code } = (end.error ?? {}) as Record<string, unknown>;
  return name === 'AdapterError' && code === 'expired';
}
