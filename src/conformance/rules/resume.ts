import type { Position } from '../../adapters/contract.ts';
import { rules, type Rule } from '../rule.ts';
import { formatValue, formatError } from '../format-value.ts';
import { fresh, type RuleContext } from '../rule-context.ts';
import { summary, type WatchRecorder, type WatchOptions } from '../watch-recorder.ts';

/** Going on from a position. Saying again what was already known is harmless; leaving something out is not. */
export const resumeRules: readonly Rule[] = rules('Resuming', [
  {
    id: 'resume-complete',
    title: 'A feed that goes on from a position tells all that was missed: changes, new campaigns, removals.',
    why: 'A laptop that was closed for lunch would show what was true before lunch.',
    fix: 'Send everything after the cursor before `synced`. If that is no longer kept, throw `AdapterError("expired")`, or open with a snapshot.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const [changed, removed, kept] = await control.seed({}, {}, {});
      const first = await stage.synced();
      const position = positionOf(stage, first);
      first.stop();
      await first.ended(stage.timeouts.stopMs);
      const name = fresh('Renamed');
      await control.change(changed!.id, { name });
      await control.remove(removed!.id);
      const added = await control.seedOne();
      const second = await goOn(stage, { since: position, base: first.known });
      if (!second) return;
      const received = (what: string): never =>
        stage.broken(`After a resume from ${formatValue(position)} ${what}; it said ${summary(second.messages)}.`);
      if (second.row(changed!.id)?.['name'] !== name)
        received(`a changed campaign is known as ${formatValue(second.row(changed!.id))}`);
      // A partial snapshot may tell the removal a little later.
      if (second.open?.mode === 'snapshot') await second.until(() => !second.row(removed!.id));
      if (second.row(removed!.id)) received('a removed campaign is still known');
      if (!second.row(added.id)) received('a new campaign is not known');
      if (!second.row(kept!.id)) received('a campaign that did not change is gone');
    },
  },
  {
    id: 'resume-every-cursor',
    title: 'Every cursor is a place to go on from, and covers nothing that was not told before it.',
    why: 'The store resumes from the last cursor it saw. One that is ahead of what was told loses that for good.',
    fix: 'Put the position of the last row told into each message, and on `synced` the one that was read before the rows.',
    needs: ['control'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const made = await control.seed({}, {}, {});
      const first = await stage.synced();
      positionOf(stage, first);
      for (const { id } of made) {
        const name = fresh('Renamed');
        await control.change(id, { name });
        await first.told(id, (row) => row['name'] === name, `name "${name}"`);
      }
      const truth = first.known.rows;
      first.stop();
      await first.ended(stage.timeouts.stopMs);
      for (const { position, known } of first.positions) {
        const next = await goOn(stage, { since: position, base: known });
        if (!next) continue;
        for (const { id } of made)
          if (next.row(id)?.['name'] !== truth.get(id)?.['name'])
            stage.broken(
              `After a resume from ${formatValue(position)} the campaign ${formatValue(id)} is known as ${formatValue(next.row(id))}, and is ${formatValue(truth.get(id))}.`,
            );
        next.stop();
      }
    },
  },
  {
    id: 'resume-other-epoch',
    title: 'A position of another epoch leads to a snapshot, or to `expired`.',
    why: 'Numbers of another life mean nothing in this one: a feed that goes on from them is silent, or leaves things out.',
    fix: 'Compare `since.epoch` with the present one. If they differ, ignore `since`, or throw `AdapterError("expired")`.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const first = await stage.synced();
      first.stop();
      if (!first.epoch) stage.skip('the feed names no epoch, so there is no other one');
      const cursor = first.position?.cursor ?? '1';
      await expectAnew(stage, { epoch: fresh('no-such-epoch'), cursor });
    },
  },
  {
    id: 'resume-from-the-future',
    title: 'A cursor that was never given leads to a snapshot, or to `expired`.',
    why: 'After a restored backup all cursors of the lost time are of the future. A feed that waits for it is silent for as long as that takes.',
    fix: 'Compare the cursor with the latest one. If it is beyond it, or makes no sense, throw `AdapterError("expired")`.',
    run: async (stage: RuleContext) => {
      await stage.some();
      const first = await stage.synced();
      const { epoch, cursor } = positionOf(stage, first);
      first.stop();
      await expectAnew(stage, { epoch, cursor: /^\d+$/.test(cursor) ? `9${cursor}` : `${cursor}~never` });
    },
  },
  {
    id: 'resume-expired',
    title: 'A position that is no longer kept leads to a snapshot, or to `expired`.',
    why: "What was compacted away can't be told; a feed that goes on as if nothing were missing hides it.",
    fix: 'Find out where the kept changes begin before you go on. If the cursor lies before, throw `AdapterError("expired")`.',
    needs: ['control.expireCursors'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const { id } = await control.seedOne();
      const first = await stage.synced();
      const position = positionOf(stage, first);
      first.stop();
      await first.ended(stage.timeouts.stopMs);
      const name = fresh('Renamed');
      await control.change(id, { name });
      await control.use('expireCursors');
      const second = await goOn(stage, { since: position, base: first.known });
      if (second && second.row(id)?.['name'] !== name)
        stage.broken(
          `The changes after ${formatValue(position)} are no longer kept; the feed said ${summary(second.messages)}, and the changed campaign is known as ${formatValue(second.row(id))}.`,
        );
    },
  },
  {
    id: 'epoch-renewed',
    title: 'Where revisions start over, feeds end, and the next one names another epoch.',
    why: 'Within one epoch the store ignores lower revisions: after a restored backup the screen would never change again.',
    fix: 'Give `open.epoch` a name that changes with every restore, such as an id made when the data was loaded.',
    needs: ['control.newEpoch'],
    run: async (stage: RuleContext) => {
      const { control } = stage;
      const { id } = await control.seedOne();
      const first = await stage.synced();
      const { position } = first;
      await control.use('newEpoch');
      if (!(await first.ended(stage.timeouts.answerMs)))
        stage.broken(`Revisions started over, and the open feed went on${first.howItEnded}.`);
      const second = await stage.syncedSoon();
      if (second.epoch === first.epoch)
        stage.broken(`Revisions started over, and the next feed named the same epoch, ${formatValue(second.epoch)}.`);
      if (!second.row(id)) stage.blocked('snapshot-complete', 'The next snapshot does not name the campaign.');
      if (position) await expectAnew(stage, position);
    },
  },
]);

/** The last position of a feed. A feed without one can't be gone on from. */
function positionOf(stage: RuleContext, watching: WatchRecorder): Position {
  return watching.position ?? stage.skip('the feed gives no cursor, so each one begins with a snapshot');
}

/**
 * Goes on from a position, until the catch-up is over.
 *
 * @returns `undefined` if the position had expired: that is an answer, too
 */
async function goOn(stage: RuleContext, options: WatchOptions): Promise<WatchRecorder | undefined> {
  const watching = stage.watch(options);
  await watching.settled();
  if (hasExpired(watching)) return undefined;
  if (!watching.isSynced || watching.end)
    stage.blocked(
      watching.messages.length ? 'feed-synced' : 'feed-again',
      `A resume from ${formatValue(options.since)} said ${summary(watching.messages)}${watching.howItEnded}.`,
    );
  if (watching.open?.mode === 'resume' && watching.epoch !== options.since?.epoch)
    stage.broken(
      `A resume from ${formatValue(options.since)} opened as ${formatValue(watching.open)}, in another epoch.`,
    );
  return watching;
}

/** From this position one can only begin anew. */
async function expectAnew(stage: RuleContext, since: Position): Promise<void> {
  const watching = stage.watch({ since });
  await watching.settled();
  if (hasExpired(watching)) return;
  if (watching.end?.how === 'failed')
    stage.broken(`From ${formatValue(since)} it threw ${formatError(watching.end.error)} instead of \`expired\`.`);
  if (!watching.messages.length)
    stage.blocked('feed-again', `From ${formatValue(since)} it said nothing${watching.howItEnded}.`);
  if (watching.open?.mode !== 'snapshot' || !watching.isSynced)
    stage.broken(
      `From ${formatValue(since)}, where nobody can go on, it said ${summary(watching.messages)}, opened by ${formatValue(watching.messages[0])}${watching.end ? watching.howItEnded : ''}.`,
    );
}

function hasExpired({ end }: WatchRecorder): boolean {
  if (end?.how !== 'failed') return false;
  const { name, code } = (end.error ?? {}) as Record<string, unknown>;
  return name === 'AdapterError' && code === 'expired';
}
