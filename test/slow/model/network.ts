import type { SeededRandom } from '../../../mocks/random.ts';
import { garble, type Garbage } from './malformed-rows.ts';

/** The kinds of requests. */
export type RequestKind = 'watch' | 'get' | 'act' | 'other';

/** What the network needs from the world. */
export interface NetworkOptions {
  /** Every random choice of the network, by name. */
  readonly random: SeededRandom;
  /** How faulty the network is by itself; 0: only commands cause faults. */
  readonly roughness: number;
  /** Resolves when the message has passed one leg of its way. */
  transit(what: string): Promise<void>;
  /** Resolves after this time (ms), or when the world is healed. */
  later(what: string, ms: number): Promise<void>;
  /** The backend: answers a request. */
  serve(request: Request): Promise<Response>;
  /** Adds a line to the trace. */
  note(line: () => string): void;
}

/** How often (0 to 1) something happens to a message, for each roughness. */
const ROUGH = [
  { lost: 0, cut: 0, split: 0, twice: 0, again: 0 },
  { lost: 0.02, cut: 0.02, split: 0.2, twice: 0.03, again: 0.1 },
  { lost: 0.1, cut: 0.08, split: 0.3, twice: 0.1, again: 0.3 },
] as const;

/** The ways in which a stream ends for its reader. */
type End = 'closed' | 'broken';

/**
 * A request with its answer, as the page sees it. It is open until the answer has arrived; a stream is open until
 * either end closes it.
 */
export class Exchange {
  open = true;
  /** The answer is a stream, and has begun. */
  streaming = false;
  /** It is held up until the network heals, and then lost. */
  hung = false;
  /** It breaks after this many blocks. */
  lifespan = Infinity;
  /** The malformed messages to insert before the next block. */
  readonly garbage: Garbage[] = [];
  /** Sends this many blocks twice, or an older block again after each of them. */
  again: { readonly older: boolean; times: number } = { older: false, times: 0 };
  readonly #delivered: Uint8Array[] = [];
  readonly #blocks: (Uint8Array | End)[] = [];
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #hangUp = (): void => {};
  #wake = (): void => {};

  constructor(
    readonly page: string,
    readonly kind: RequestKind,
    readonly system: string,
    /** Identifies and describes the exchange in the trace. */
    readonly label: string,
    readonly key: string | null,
    private readonly closed: () => void,
  ) {}

  /** Begins to stream. @param hangUp notifies the backend that the page has stopped reading */
  stream(hangUp: () => void): ReadableStream<Uint8Array> {
    this.streaming = true;
    this.#hangUp = hangUp;
    return new ReadableStream<Uint8Array>({
      start: (controller) => (this.#controller = controller),
      cancel: () => this.close(),
    });
  }

  /** A block arrived from the backend. */
  push(block: Uint8Array | End): void {
    this.#blocks.push(block);
    this.wake();
  }

  /** The next block to deliver, once there is one; `undefined` if the exchange ends before. */
  async next(): Promise<Uint8Array | End | undefined> {
    while (this.open && !this.#blocks.length) await this.woken();
    return this.open ? this.#blocks.shift() : undefined;
  }

  /** Something changed that may let the delivery go on. */
  wake(): void {
    this.#wake();
  }

  woken(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  deliver(bytes: Uint8Array): void {
    if (this.open) this.#controller?.enqueue(bytes);
  }

  /** A block was delivered whole. */
  remember(block: Uint8Array): void {
    this.#delivered.push(block);
  }

  /** A block that was delivered before; the oldest for 0, the latest for just below 1. */
  deliveredBlock(place: number): Uint8Array | undefined {
    return this.#delivered[Math.floor(place * this.#delivered.length)];
  }

  /** The block on its way: a cut may still let its beginning through. */
  get underWay(): Uint8Array | undefined {
    const [first] = this.#blocks;
    return typeof first === 'object' ? first : this.#delivered.at(-1);
  }

  /** The stream ends for the page. */
  end(how: End): void {
    if (!this.open) return;
    const controller = this.#controller;
    this.close();
    if (how === 'closed') controller?.close();
    else controller?.error(new TypeError('terminated'));
  }

  /** The page aborts the request. */
  abort(reason: unknown): void {
    if (!this.open) return;
    const controller = this.#controller;
    this.close();
    controller?.error(reason);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.closed();
    this.#hangUp();
    this.wake();
  }
}

/** Answers about the caller or the rate, not about the request itself. */
const TURNED_AWAY: ReadonlySet<number> = new Set([401, 403, 429, 503]);

/**
 * The network between the pages and the backend. Each message (a request, an answer or a block of a stream) moves on
 * when the schedule lets it, and may be lost, cut within a line, split or duplicated. The blocks of one stream stay in
 * order.
 */
export class Network {
  readonly exchanges = new Set<Exchange>();
  /** No request gets through, and no stream stays open. */
  down = false;
  /** New streams break after this many blocks. */
  lifespan = Infinity;
  /**
   * How many of the next actions are lost before, after or while the backend processes them, or are sent again by a
   * proxy that got no answer.
   */
  readonly lose = { request: 0, answer: 0, meanwhile: 0, resend: 0 };
  /** The delays (ms) of the next answers. */
  late: number[] = [];
  /** For each slow system, the delay (ms) of each block of its feeds. */
  readonly slow = new Map<string, number>();
  #stalled = new Set<string>();
  #healed = false;
  readonly #counts = new Map<string, number>();

  constructor(private readonly at: NetworkOptions) {}

  /** `fetch` for one page. */
  fetchFor(page: string): typeof globalThis.fetch {
    return (input, init = {}) => {
      const url = input instanceof Request ? input.url : input.toString();
      const { signal } = init;
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      const exchange = this.#begin(page, url, init);
      return new Promise((resolve, reject) => {
        signal?.addEventListener(
          'abort',
          () => {
            exchange.abort(signal.reason);
            reject(signal.reason as Error);
          },
          { once: true },
        );
        this.#travel(exchange, url, init).then(resolve, (error: Error) => {
          exchange.close();
          reject(error);
        });
      });
    };
  }

  /** The requests of a page that are under way, and its open streams. */
  open(page: string, kind?: RequestKind, system?: string): number {
    let open = 0;
    for (const exchange of this.exchanges)
      if (
        exchange.page === page &&
        (kind ?? exchange.kind) === exchange.kind &&
        (system ?? exchange.system) === exchange.system
      )
        open++;
    return open;
  }

  /** Breaks the open streams, each in its own way. */
  cut(system: string | undefined): void {
    for (const exchange of this.#streams(system)) this.#cutOff(exchange, exchange.underWay);
  }

  /** Holds up everything until the network heals. */
  stall(system: string): void {
    this.#stalled.add(system);
  }

  /** Inserts malformed messages into the open streams. */
  garble(system: string, garbage: Garbage): void {
    for (const exchange of this.#streams(system)) exchange.garbage.push(garbage);
  }

  /** The open streams repeat blocks. */
  repeat(system: string, times: number, older: boolean): void {
    for (const exchange of this.#streams(system)) exchange.again = { older, times };
  }

  /** Ends the faults that commands caused; the network's own roughness goes on. */
  heal(): void {
    this.down = false;
    this.lifespan = Infinity;
    this.late = [];
    this.slow.clear();
    this.#stalled = new Set();
    Object.assign(this.lose, { request: 0, answer: 0, meanwhile: 0, resend: 0 });
    for (const exchange of this.exchanges) {
      exchange.lifespan = Infinity;
      exchange.garbage.length = 0;
      exchange.again = { older: false, times: 0 };
      exchange.wake();
    }
  }

  /** From now on, everything gets through. */
  calm(): void {
    this.#healed = true;
    this.heal();
  }

  #begin(page: string, url: string, init: RequestInit): Exchange {
    const { kind, system, what } = read(url, init);
    const count = `${page} ${kind} ${what}`;
    const n = (this.#counts.get(count) ?? 0) + 1;
    this.#counts.set(count, n);
    const key = new Headers(init.headers).get('idempotency-key');
    const exchange = new Exchange(page, kind, system, `${count} #${n}`, key, () => this.exchanges.delete(exchange));
    this.exchanges.add(exchange);
    return exchange;
  }

  async #travel(exchange: Exchange, url: string, init: RequestInit): Promise<Response> {
    await this.#leg(exchange, 'request');
    if (exchange.kind === 'act' && this.#spend('meanwhile')) {
      this.at.note(() => `${exchange.label}: cut off while it is done`);
      void this.#serve(url, init);
      await this.at.transit(`${exchange.label} cut off`);
      throw new TypeError('fetch failed');
    }
    let response = await this.#serve(url, init);
    if (exchange.kind === 'act' && (this.#spend('resend') || this.#happens(exchange, 'resend', 'again'))) {
      this.at.note(() => `${exchange.label}: sent once more on the way`);
      await this.at.transit(`${exchange.label} request again`);
      const again = await this.#serve(url, init);
      // A second attempt that is turned away can't know the result of the first: the contract calls that "nothing
      // happened".
      const final = TURNED_AWAY.has(again.status) ? response : again;
      quietly((final === again ? response : again).body?.cancel());
      response = final;
    }
    try {
      await this.#leg(exchange, 'answer');
      if (!exchange.open) throw new TypeError('nobody waits for it any more');
    } catch (error) {
      quietly(response.body?.cancel());
      throw error;
    }
    this.at.note(() => `${exchange.label}: ${response.status}`);
    if (response.type === 'error') throw new TypeError('fetch failed');
    if (!isStream(response) || !response.body) {
      exchange.close();
      return this.#happens(exchange, 'body', 'cut') ? halved(response) : response;
    }
    return new Response(this.#carry(exchange, response.body), { status: response.status, headers: response.headers });
  }

  /** A new Request each time: it does not carry the page's signal, just as a wire does not. */
  #serve(url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> {
    return this.at.serve(
      new Request(url, { method, ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) }),
    );
  }

  /** @throws TypeError as `fetch` does, if it is lost on this leg */
  async #leg(exchange: Exchange, leg: 'request' | 'answer'): Promise<void> {
    await this.at.transit(`${exchange.label} ${leg}`);
    if (leg === 'answer' && exchange.kind !== 'watch' && this.late.length)
      await this.at.later(`${exchange.label} answer`, this.late.shift()!);
    const spent = exchange.kind === 'act' && this.#spend(leg);
    if (spent || this.#happens(exchange, leg, 'lost')) {
      exchange.hung = !spent && this.at.random.at(exchange.label, leg, 'hangs') < 0.3;
      this.at.note(() => `${exchange.label}: ${leg} ${exchange.hung ? 'hangs' : 'lost'}`);
      await this.#passage(exchange);
      throw new TypeError('fetch failed');
    }
    await this.#passage(exchange);
    if (this.down) throw new TypeError('fetch failed');
  }

  /** Waits while nothing moves. An exchange that the page has aborted does not wait. */
  async #passage(exchange: Exchange): Promise<void> {
    while (exchange.open && (this.#stalled.has(exchange.system) || exchange.hung)) {
      await exchange.woken();
      if (!this.#stalled.has(exchange.system)) return;
    }
  }

  #carry(exchange: Exchange, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const source = body.getReader();
    const stream = exchange.stream(() => {
      void this.at.transit(`${exchange.label} hang-up`).then(() => quietly(source.cancel()));
    });
    void this.#pull(exchange, source);
    void this.#deliver(exchange);
    return stream;
  }

  /** Reads the backend's blocks as fast as they come, so that as much as possible is on its way. */
  async #pull(exchange: Exchange, source: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await source.read();
        if (done) return exchange.push('closed');
        exchange.push(value);
      }
    } catch {
      exchange.push('broken');
    }
  }

  async #deliver(exchange: Exchange): Promise<void> {
    exchange.lifespan = this.lifespan;
    for (let n = 0; ; n++) {
      const block = await exchange.next();
      if (block === undefined) return;
      await this.at.transit(`${exchange.label} block ${n}`);
      const late = this.slow.get(exchange.system);
      if (late !== undefined) await this.at.later(`${exchange.label} block ${n}`, late);
      await this.#passage(exchange);
      if (!exchange.open) return;
      if (typeof block === 'string') {
        this.at.note(() => `${exchange.label}: ${block} by the backend`);
        return exchange.end(block);
      }
      if (n >= exchange.lifespan || this.#happens(exchange, `block ${n}`, 'cut')) return this.#cutOff(exchange, block);
      for (const garbage of exchange.garbage.splice(0)) {
        this.at.note(() => `${exchange.label}: garbage (${garbage})`);
        exchange.deliver(garble(garbage, block));
      }
      await this.#deliverBlock(exchange, block, n);
    }
  }

  async #deliverBlock(exchange: Exchange, block: Uint8Array, n: number): Promise<void> {
    if (this.#happens(exchange, `block ${n}`, 'split')) {
      const at = Math.floor(this.at.random.at(exchange.label, n, 'at') * block.length);
      exchange.deliver(block.subarray(0, at));
      await this.at.transit(`${exchange.label} rest of block ${n}`);
      exchange.deliver(block.subarray(at));
    } else exchange.deliver(block);
    if (!exchange.open) return;
    exchange.remember(block);
    this.at.note(() => `${exchange.label}: ${text(block)}`);
    const { again } = exchange;
    if (again.times > 0) again.times--;
    else if (!this.#happens(exchange, `block ${n}`, 'twice')) return;
    const older = again.older ? exchange.deliveredBlock(this.at.random.at(exchange.label, n, 'older')) : block;
    if (older) {
      this.at.note(() => `${exchange.label}: once more ${text(older)}`);
      exchange.deliver(older);
    }
  }

  /** Breaks the connection between two blocks or within a line, with an error or as if it had ended normally. */
  #cutOff(exchange: Exchange, block: Uint8Array | undefined): void {
    const random = this.at.random.at(exchange.label, 'cut');
    if (block && random < 0.7) exchange.deliver(block.subarray(0, Math.ceil(random * block.length)));
    this.at.note(() => `${exchange.label}: cut${block && random < 0.7 ? ' within a line' : ''}`);
    exchange.end(random % 0.1 < 0.05 ? 'broken' : 'closed');
  }

  #streams(system: string | undefined): Exchange[] {
    return [...this.exchanges].filter(
      (exchange) => exchange.streaming && exchange.kind === 'watch' && (system ?? exchange.system) === exchange.system,
    );
  }

  #spend(what: keyof Network['lose']): boolean {
    if (this.lose[what] <= 0) return false;
    this.lose[what]--;
    return true;
  }

  #happens(exchange: Exchange, where: string, what: keyof (typeof ROUGH)[number]): boolean {
    if (this.#healed) return false;
    return this.at.random.at(exchange.label, where, what) < ROUGH[this.at.roughness]![what];
  }
}

function read(url: string, { method = 'GET' }: RequestInit): { kind: RequestKind; system: string; what: string } {
  const [path = '', query = ''] = url.replace(/^.*?\/api\//, '').split('?');
  const segments = path.split('/').map(decodeURIComponent);
  const [system = '', second, id, third, action = ''] = segments;
  if (second === 'watch') return { kind: 'watch', system, what: `${system}${query && ` ${query}`}` };
  if (method === 'POST') return { kind: 'act', system, what: `${system}/${id} ${action}` };
  return { kind: third === undefined ? 'get' : 'other', system, what: `${system}/${id}` };
}

function isStream(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
}

/** Cuts the body of the answer in half. */
function halved(response: Response): Response {
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      controller.enqueue(bytes.subarray(0, bytes.length >> 1));
      controller.error(new TypeError('terminated'));
    },
  });
  return new Response([204, 205, 304].includes(response.status) ? null : body, {
    status: response.status,
    headers: response.headers,
  });
}

/** Cancelling a stream that is already broken rejects, which is fine here. */
function quietly(cancelled: Promise<void> | undefined): void {
  void cancelled?.catch(() => {});
}

const decoder = new TextDecoder();

function text(block: Uint8Array): string {
  return decoder
    .decode(block)
    .replace(/^id: .*\n/, '')
    .replace(/^data: /, '')
    .trim();
}
