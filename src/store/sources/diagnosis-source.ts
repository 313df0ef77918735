import type { CampaignAdapter, CampaignRef, Feed } from '../../adapters/contract.ts';
import type { Diagnosis } from '../types.ts';
import type { ValueSource } from '../observe/notifier.ts';
import { readFeed } from '../../adapters/read-feed.ts';
import { parseDependencies } from '../data/parse-record.ts';
import { limitAnswer } from '../shell/answer-limit.ts';
import { Poller, type PollerContext } from './poller.ts';

/** A diagnosis that is given once is asked for again after this time (ms), while someone looks. */
const ASK_EVERY_MS = 5000;

/** Nothing is known of any dependency. */
const noDiagnosis: Diagnosis = Object.freeze({ dependencies: Object.freeze([]), outlook: 'unknown' });

/** Follows the dependencies of one campaign while someone observes them. */
export function diagnosisSource(
  ref: CampaignRef,
  adapter: CampaignAdapter<unknown>,
  context: PollerContext,
): ValueSource<Diagnosis> {
  let diagnosis = noDiagnosis;
  const take = (input: unknown): void => {
    const dependencies = parseDependencies(input, context.onDropped);
    diagnosis = { dependencies, outlook: outlookOf(dependencies) };
    context.onChange();
  };
  /** What could not be read again may have changed since. */
  const lose = (): void => {
    diagnosis = {
      dependencies: diagnosis.dependencies.map((one) => ({ ...one, state: 'unknown' })),
      outlook: 'unknown',
    };
    context.onChange();
  };
  const poller = new Poller(context.env, context.hiddenMs, {
    everyMs: ASK_EVERY_MS,
    run: (signal, done) => {
      const failed = (error: unknown = new Error('diagnose() failed')): void => {
        if (signal.aborted) return;
        lose();
        context.onFailure(error);
        done(error);
      };
      try {
        const answer = adapter.diagnose!(ref, signal);
        if (isFeed(answer))
          readFeed(() => answer, signal, {
            onValue: take,
            onEnd: (error) => (error === undefined ? done() : failed(error)),
          });
        else {
          // What was known before may no longer be so.
          limitAnswer(context.env, 'diagnosis', signal, failed);
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
    onPause: lose,
  });
  return {
    read: () => diagnosis,
    start: () => adapter.diagnose && poller.start(),
    stop: () => {
      poller.stop();
      // The next observer must not take this for the present state.
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
