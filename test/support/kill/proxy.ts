/** A TCP proxy between a page and its backend. It can cut, delay or replace an answer at any byte. */
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { pause } from '../until.ts';

/** Delay between the bytes of one character when they are sent one at a time (ms). */
const TORN_MS = 3;

/** Where an answer is cut. Bytes are counted from the end of its headers. */
type Place =
  | 'before the headers'
  | 'after the headers'
  | { readonly byte: number }
  /** In the middle of the first event that begins at this byte or later. */
  | { readonly line: number }
  /** Between two bytes of one character: the first such place from this byte on. */
  | { readonly character: number };

/** The fault of one request and its answer. */
export type Fault =
  /**
   * `reset`: an abrupt end, as when a router reports a pulled cable. `end`: the sender closes its half in good order.
   */
  | { readonly do: 'cut'; readonly at: Place; readonly how?: 'reset' | 'end' }
  /** The connection breaks before the request reaches the backend. */
  | { readonly do: 'lose' }
  /** The request never reaches the backend; the connection stays open. */
  | { readonly do: 'hang' }
  /** The answer stops at this place; the connection stays open. */
  | { readonly do: 'hold'; readonly at: Place }
  /** Each piece of the answer is this much later (ms). */
  | { readonly do: 'delay'; readonly ms: number }
  /** The answer arrives a byte at a time. */
  | { readonly do: 'drip' }
  /** The proxy answers with these bytes. `reached`: the backend gets the request first, and its answer is dropped. */
  | { readonly do: 'answer'; readonly bytes: string; readonly reached?: boolean };

/** A request that passed the proxy. */
export interface Seen {
  readonly line: string;
  readonly headers: ReadonlyMap<string, string>;
}

interface Plan {
  readonly of: RegExp;
  readonly fault: Fault;
  readonly times: number;
  faultCount: number;
}

/** An HTTP answer as it goes over the wire. The connection ends with it. */
export function httpAnswer(status: number, type: string, body: string): string {
  const head = [`HTTP/1.1 ${status} Whatever`, `content-type: ${type}`, 'access-control-allow-origin: *'];
  return [...head, `content-length: ${Buffer.byteLength(body)}`, 'connection: close', '', body].join('\r\n');
}

/** A proxy for one backend, on a port that it keeps. */
export class Proxy {
  readonly seen: Seen[] = [];
  readonly #server: Server;
  readonly #upstream: number;
  readonly #links = new Set<ProxyConnection>();
  #plans: Plan[] = [];
  #port = 0;

  private constructor(upstream: number) {
    this.#upstream = upstream;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const link = new ProxyConnection(client, this.#upstream, (seen) => this.#fault(seen));
      this.#links.add(link);
      client.once('close', () => this.#links.delete(link));
    });
  }

  /** Listens in front of the backend at this port, until the test ends. */
  static async before(t: TestContext, upstream: number): Promise<Proxy> {
    const proxy = new Proxy(upstream);
    await proxy.listen();
    t.after(() => proxy.refuse());
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The number of open connections. */
  get open(): number {
    return this.#links.size;
  }

  /**
   * Injects a fault into the next requests whose first line matches. @returns a function that counts the requests hit
   * so far
   */
  injectFault(of: RegExp, fault: Fault, times = 1): () => number {
    const plan = { of, fault, times, faultCount: 0 };
    this.#plans.push(plan);
    return () => plan.faultCount;
  }

  /** Removes all faults, and releases the answers that are held back. */
  clearFaults(): void {
    this.#plans = [];
    for (const link of this.#links) if (link.hangs) link.destroy();
  }

  /** Breaks all connections. */
  cut(): void {
    for (const link of this.#links) link.destroy();
  }

  /** Breaks all connections and refuses new ones. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  /** Accepts connections again. */
  async listen(): Promise<void> {
    const listening = once(this.#server, 'listening');
    this.#server.listen(this.#port, '127.0.0.1');
    await listening;
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #fault(seen: Seen): Fault | undefined {
    this.seen.push(seen);
    const plan = this.#plans.find(({ of, times, faultCount }) => faultCount < times && of.test(seen.line));
    if (plan) plan.faultCount++;
    return plan?.fault;
  }
}

/** One connection of a client, with its connection to the backend. */
class ProxyConnection {
  readonly #client: Socket;
  readonly #backend: Socket;
  readonly #look: (seen: Seen) => Fault | undefined;
  #answer: Answer | undefined;
  /** Writes to the client, one after the other. */
  #sending: Promise<void> = Promise.resolve();

  constructor(client: Socket, upstream: number, look: (seen: Seen) => Fault | undefined) {
    this.#client = client;
    this.#look = look;
    this.#backend = connect({ port: upstream, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    client.on('data', (bytes: Buffer) => this.#up(bytes));
    this.#backend.on('data', (bytes: Buffer) => this.#down(bytes));
    client.on('end', () => this.#backend.end());
    this.#backend.on('end', () => void this.#sending.then(() => client.end()));
    for (const socket of [client, this.#backend]) {
      socket.on('error', () => this.destroy());
      socket.on('close', () => this.destroy());
    }
  }

  get hangs(): boolean {
    const fault = this.#answer?.fault?.do;
    return fault === 'hang' || fault === 'hold';
  }

  destroy(): void {
    this.#client.destroy();
    this.#backend.destroy();
  }

  #up(bytes: Buffer): void {
    const seen = requestIn(bytes);
    if (seen) {
      const fault = this.#look(seen);
      this.#answer = new Answer(fault);
      if (fault?.do === 'lose') return this.destroy();
      if (fault?.do === 'answer' && !fault.reached) this.#replace(fault.bytes);
    }
    const { fault } = this.#answer ?? {};
    if (fault?.do === 'hang' || (fault?.do === 'answer' && !fault.reached)) return;
    if (!this.#backend.write(bytes)) {
      this.#client.pause();
      this.#backend.once('drain', () => this.#client.resume());
    }
  }

  #down(bytes: Buffer): void {
    const { fault } = this.#answer ?? {};
    switch (fault?.do) {
      case 'answer':
        return this.#replace(fault.bytes);
      case 'cut': {
        const rest = this.#answer!.upTo(fault.at, bytes);
        this.#send(rest ?? bytes);
        if (rest) this.#cut(fault.how ?? 'reset');
        return;
      }
      case 'hold':
        return this.#send(this.#answer!.upTo(fault.at, bytes) ?? bytes);
      case 'delay':
        return void setTimeout(() => this.#send(bytes), fault.ms);
      case 'drip':
        for (let at = 0; at < bytes.length; at++) {
          // Without this delay the next byte may be read together with the previous one, and no character is ever
          // split.
          if (isInside(bytes[at]!)) this.#sending = this.#sending.then(() => pause(TORN_MS));
          this.#send(bytes.subarray(at, at + 1));
        }
        return;
      default:
        this.#send(bytes);
    }
  }

  #send(bytes: Buffer): void {
    this.#sending = this.#sending.then(async () => {
      if (!this.#client.writable || bytes.length === 0) return;
      if (this.#client.write(bytes)) return;
      this.#backend.pause();
      await Promise.race([once(this.#client, 'drain'), once(this.#client, 'close')]).catch(() => {});
      this.#backend.resume();
    });
  }

  #replace(bytes: string): void {
    this.#backend.destroy();
    this.#client.end(bytes);
  }

  #cut(how: 'reset' | 'end'): void {
    void this.#sending.then(() => {
      // The last bytes are on their way; a reset would overtake them.
      setImmediate(() => {
        this.#backend.removeAllListeners('close').destroy();
        if (how === 'end') this.#client.end();
        else this.#client.resetAndDestroy();
      });
    });
  }
}

/** An answer that passes the proxy, and its fault. */
class Answer {
  #received = Buffer.alloc(0);
  #over = false;

  constructor(readonly fault: Fault | undefined) {}

  /** The bytes that come before the place; `undefined`: all of them. Nothing passes after the place. */
  upTo(place: Place, bytes: Buffer): Buffer | undefined {
    if (this.#over) return Buffer.alloc(0);
    const before = this.#received.length;
    this.#received = Buffer.concat([this.#received, bytes]);
    const at = placeIn(this.#received, place);
    if (at === undefined) return undefined;
    this.#over = true;
    return bytes.subarray(0, Math.max(0, at - before));
  }
}

/** The offset of a place in an answer; `undefined` until that place has arrived. */
function placeIn(received: Buffer, place: Place): number | undefined {
  if (place === 'before the headers') return 0;
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const body = end + 4;
  if (place === 'after the headers') return body;
  if ('byte' in place) return received.length < body + place.byte ? undefined : body + place.byte;
  if ('line' in place) {
    const event = received.indexOf('data: {"', body + place.line);
    return event < 0 || event + 20 > received.length ? undefined : event + 20;
  }
  const inside = received.subarray(body + place.character).findIndex(isInside);
  return inside < 0 ? undefined : body + place.character + inside;
}

/** True for a UTF-8 byte that is not the first one of its character. */
function isInside(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

/** The request that begins with these bytes. Clients send the head of a request in one piece. */
function requestIn(bytes: Buffer): Seen | undefined {
  const text = bytes.toString('latin1');
  if (!/^(GET|POST|HEAD|OPTIONS) /.test(text)) return undefined;
  const [line = '', ...fields] = text.split('\r\n\r\n')[0]!.split('\r\n');
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  return { line, headers: new Map(headers) };
}
