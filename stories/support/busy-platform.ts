import type { ActResult, CampaignAdapter, Change } from '../../src/index.ts';
import type { FromWorker, ToWorker } from './busy-platform.worker.ts';

/** A platform with very many flows campaigns in a worker, and the adapter to it. */
export class BusyPlatform {
  readonly adapter: CampaignAdapter;
  readonly #worker = new Worker(new URL('./busy-platform.worker.ts', import.meta.url), { type: 'module' });
  readonly #feeds = new Map<number, (change: Change) => void>();
  readonly #acts = new Map<string, (result: ActResult) => void>();
  #count = 0;

  /** @param perSecond changes per second, see {@link rate} */
  constructor(count: number, perSecond: number) {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'change') this.#feeds.get(data.feed)?.(data.change);
      else this.#acts.get(data.key)?.(data.result);
    });
    this.#send({ type: 'start', count, perSecond });
    this.adapter = {
      idempotent: true,
      watch: () => ({
        subscribe: ({ next }) => {
          const feed = ++this.#count;
          this.#feeds.set(feed, next);
          this.#send({ type: 'watch', feed });
          return {
            unsubscribe: () => {
              this.#feeds.delete(feed);
              this.#send({ type: 'unwatch', feed });
            },
          };
        },
      }),
      act: async ({ ref, action, idempotencyKey: key }) => {
        const result = await new Promise<ActResult>((resolve) => {
          this.#acts.set(key, resolve);
          this.#send({ type: 'act', key, id: ref.id, action });
        });
        this.#acts.delete(key);
        return result;
      },
    };
  }

  /** Changes this many campaigns per second from now on. */
  rate(perSecond: number): void {
    this.#send({ type: 'rate', perSecond });
  }

  dispose(): void {
    this.#worker.terminate();
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
