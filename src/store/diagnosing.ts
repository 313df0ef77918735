import type { CampaignAdapter, CampaignRef, Dependency, Feed } from '../adapters/contract.ts';
import type { Diagnosis, Environment } from './face.ts';
import type { CellSource } from './live.ts';
import { readFeed } from '../adapters/read-feed.ts';
import { parseDependencies } from './records.ts';
import { Repeating, type FollowerEvents } from './repeating.ts';

/** A diagnosis that is given once is asked for again after this time (ms), while someone looks. */
const ASK_EVERY_MS = 5000;

/** Nothing is known of any dependency. */
export const noDiagnosis: Diagnosis = Object.freeze({ dependencies: Object.freeze([]), outlook: 'unknown' });

/** Follows the dependencies of one campaign while someone observes them. */
export function diagnosing(
  ref: CampaignRef,
  adapter: CampaignAdapter<unknown>,
  env: Environment,
  events: FollowerEvents,
): CellSource<Diagnosis> {
  let diagnosis = noDiagnosis;
  const take = (input: unknown): void => {
    const dependencies = parseDependencies(input, events.dropped);
    diagnosis = { dependencies, outlook: outlookOf(dependencies) };
    events.changed();
  };
  /** What could not be read again may have changed since. */
  const lose = (error: unknown): void => {
    diagnosis = {
      dependencies: diagnosis.dependencies.map((one) => ({ ...one, state: 'unknown' })),
      outlook: 'unknown',
    };
    events.failed(error);
    events.changed();
  };
  const repeating = new Repeating(env, ASK_EVERY_MS, (signal, done) => {
    const ended = (error: unknown): void => {
      if (signal.aborted) return;
      if (error !== undefined) lose(error);
      done(error === undefined);
    };
    try {
      const answer = adapter.diagnose!(ref, signal);
      if (isFeed(answer)) readFeed(() => answer, signal, { next: take, ended });
      else
        answer.then(
          (dependencies) => {
            if (!signal.aborted) take(dependencies);
            ended(undefined);
          },
          (error: unknown) => ended(error ?? new Error('diagnose() failed')),
        );
    } catch (error) {
      ended(error ?? new Error('diagnose() failed'));
    }
  });
  return {
    read: () => diagnosis,
    started: () => adapter.diagnose && repeating.start(),
    ended: () => {
      repeating.stop();
      // Whoever looks again later must not take this for the present state.
      diagnosis = noDiagnosis;
    },
  };
}

function outlookOf(dependencies: readonly Dependency[]): Diagnosis['outlook'] {
  if (dependencies.some(({ state }) => state === 'stopped' || state === 'error')) return 'fails-again';
  return dependencies.length && dependencies.every(({ state }) => state === 'running') ? 'works' : 'unknown';
}

function isFeed<T>(answer: Promise<T> | Feed<T>): answer is Feed<T> {
  return !('then' in answer);
}
