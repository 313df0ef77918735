import type { CampaignAdapter, CampaignRef, Feed } from '../../adapters/contract.ts';
import type { Diagnosis } from '../types.ts';
import type { ValueSource } from '../observe/observable-value.ts';
import { readFeed } from '../../adapters/read-feed.ts';
import { parseDependencies } from '../data/parse-record.ts';
import { limitAnswer, Poller, type PollerContext } from './poller.ts';

/** A diagnosis that is given once is asked for again after this time (ms), while someone looks. */
const ASK_EVERY_MS = 5000;

/** Nothing is known of any dependency. */
export const noDiagnosis: Diagnosis = Object.freeze({ dependencies: Object.freeze([]), outlook: 'unknown' });

/** Follows the dependencies of one campaign while someone observes them. */
export function diagnosisSource(
  ref: CampaignRef,
  adapter: CampaignAdapter<unknown>,
  at: PollerContext,
): ValueSource<Diagnosis> {
  let diagnosis = noDiagnosis;
  const take = (input: unknown): void => {
    const dependencies = parseDependencies(input, at.dropped);
    diagnosis = { dependencies, outlook: outlookOf(dependencies) };
    at.changed();
  };
  /** What could not be read again may have changed since. */
  const lose = (): void => {
    diagnosis = {
      dependencies: diagnosis.dependencies.map((one) => ({ ...one, state: 'unknown' })),
      outlook: 'unknown',
    };
    at.changed();
  };
  const repeating = new Poller(at.env, at.hiddenMs, {
    everyMs: ASK_EVERY_MS,
    go: (signal, done) => {
      const failed = (error: unknown = new Error('diagnose() failed')): void => {
        if (signal.aborted) return;
        lose();
        at.failed(error);
        done(error);
      };
      try {
        const answer = adapter.diagnose!(ref, signal);
        if (isFeed(answer))
          readFeed(() => answer, signal, {
            next: take,
            ended: (error) => (error === undefined ? done() : failed(error)),
          });
        else {
          // What was known before may no longer be so.
          limitAnswer(at.env, 'diagnosis', signal, failed);
          void Promise.resolve(answer)
            .then((dependencies) => {
              if (signal.aborted) return;
              take(dependencies);
              done();
            })
            .catch(failed);
        }
      } catch (error) {
        failed(error);
      }
    },
    interrupted: lose,
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

function outlookOf(dependencies: Diagnosis['dependencies']): Diagnosis['outlook'] {
  if (dependencies.some(({ state }) => state === 'stopped' || state === 'error')) return 'fails-again';
  return dependencies.length && dependencies.every(({ state }) => state === 'running') ? 'works' : 'unknown';
}

function isFeed<T>(answer: Promise<T> | Feed<T>): answer is Feed<T> {
  return !('then' in answer);
}
