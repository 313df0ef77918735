import { AdapterError, type Change } from '../../../../src/adapters/contract.ts';
import { aborted, messages, never, withWatch, type Adapter, type Sabotage } from './tamper.ts';

/** Adapters whose feeds stop or fail in a way that breaks the rule they are listed under, and no other. */
export const stoppingSabotage: Readonly<Record<string, Sabotage>> = {
  'stop-when-live': (adapter) => hangs(adapter, (live) => live),

  'stop-early': (adapter) => hangs(adapter, (live) => !live),

  // Checks its signal only from time to time.
  'stop-silent': (adapter) =>
    withWatch(adapter, async function* (request) {
      const late = new AbortController();
      void aborted(request.signal).then(() => setTimeout(() => late.abort(), 250));
      yield* messages(adapter, { ...request, signal: request.signal.aborted ? request.signal : late.signal });
    }),

  // Opens a second connection and never closes it.
  'stop-leaves-nothing': (adapter) =>
    withWatch(adapter, async function* (request) {
      const forgotten = messages(adapter, { ...request, signal: new AbortController().signal });
      void forgotten[Symbol.asyncIterator]()
        .next()
        .catch(() => {});
      yield* messages(adapter, request);
    }),

  // Takes a lost connection for a live one; only a new epoch ends it.
  'cut-ends-feed': (adapter) =>
    withWatch(adapter, async function* (request) {
      let epoch: string | null | undefined;
      try {
        for await (const change of messages(adapter, request)) {
          if (change.type === 'open') ({ epoch } = change);
          yield change;
        }
      } catch (error) {
        if (epoch === undefined || request.signal.aborted || (await epochOf(adapter, request.system)) !== epoch)
          throw error;
        await aborted(request.signal);
      }
    }),

  // Assumes to be up to date after it reconnects.
  'cut-then-again': (adapter) => {
    let broke = false;
    return withWatch(adapter, async function* (request) {
      const again = broke;
      let live = false;
      try {
        for await (const change of messages(adapter, request)) {
          if (!again || live || change.type !== 'upsert') yield change;
          if (change.type === 'synced') live = true;
        }
      } catch (error) {
        broke = true;
        throw error;
      }
    });
  },

  'error-codes': (adapter) =>
    failing(adapter, (error) =>
      error instanceof AdapterError && error.code === 'forbidden' ? new Error('the answer was not ok') : error,
    ),

  'error-retry-after': (adapter) =>
    failing(adapter, (error) =>
      error instanceof AdapterError && error.code === 'throttled'
        ? new AdapterError('throttled', error.message)
        : error,
    ),
};

/** Closes its connection at the signal, but does not end. */
function hangs(adapter: Adapter, where: (live: boolean) => boolean): Adapter {
  return withWatch(adapter, async function* (request) {
    let live = false;
    try {
      for await (const change of messages(adapter, request)) {
        yield change;
        if (change.type === 'synced') live = true;
      }
    } catch (error) {
      if (!request.signal.aborted) throw error;
    }
    if (request.signal.aborted && where(live)) await never();
  });
}

function failing(adapter: Adapter, alter: (error: unknown) => unknown): Adapter {
  return withWatch(adapter, async function* (request) {
    try {
      yield* messages(adapter, request);
    } catch (error) {
      throw alter(error);
    }
  });
}

async function epochOf(adapter: Adapter, system: string): Promise<string | null | undefined> {
  const controller = new AbortController();
  for await (const change of messages(adapter, { system, signal: controller.signal })) {
    controller.abort();
    return (change as Extract<Change, { type: 'open' }>).epoch;
  }
  return undefined;
}
