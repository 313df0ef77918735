import { httpAdapter, type CampaignAdapter } from '../../../src/adapters/index.ts';
import type { TestEnvironment } from '../../support/environment.ts';

/** A request as the backend received it. */
export interface Sent {
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
  /** When, by the monotonic clock. */
  readonly at: number;
}

/** A backend's end of one stream. */
export interface Stream {
  send(...changes: readonly unknown[]): void;
  end(): void;
}

const encoder = new TextEncoder();

/** The kit's HTTP adapter over answers that a test gives, on the test's clock. */
export class FakeWire {
  readonly sent: Sent[] = [];
  readonly streams: Stream[] = [];
  readonly adapter: CampaignAdapter<unknown>;
  /** The answers to the next requests. Without any, a watch opens a stream and everything else is answered 202. */
  readonly answers: (() => Response | Promise<Response>)[] = [];
  /** How often the user was asked to sign in. */
  signIns = 0;
  /** The result of signing in. */
  signIn: Promise<void> = Promise.resolve();

  constructor(private readonly env: TestEnvironment) {
    this.adapter = httpAdapter({
      src: '/api',
      fetch: (url, init) => this.#answer(url as string, init ?? {}),
      reauthenticate: () => {
        this.signIns++;
        return this.signIn;
      },
    });
  }

  /** Requests to a path with this end. */
  to(end: string): readonly Sent[] {
    return this.sent.filter(({ path }) => path.endsWith(end));
  }

  /** Sets the answer to the next `times` requests. */
  answer(status: number, { body, headers = {}, times = 1 }: AnswerOptions = {}): void {
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    for (let time = 0; time < times; time++)
      this.answers.push(
        () =>
          new Response(body === undefined ? null : JSON.stringify(body), {
            status,
            headers: { 'content-type': type, ...headers },
          }),
      );
  }

  async #answer(path: string, { headers, body, signal }: RequestInit): Promise<Response> {
    this.sent.push({
      path,
      headers: new Headers(headers),
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
      at: this.env.monotonic(),
    });
    const answer = this.answers.shift();
    if (answer) return answer();
    return path.endsWith('/watch') ? this.#stream(signal) : new Response(null, { status: 202 });
  }

  #stream(signal: AbortSignal | null | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
        this.streams.push({
          send: (...changes) => {
            for (const change of changes) controller.enqueue(encoder.encode(`data: ${JSON.stringify(change)}\n\n`));
          },
          end: () => controller.close(),
        });
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }
}

/** An answer apart from its status. */
export interface AnswerOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How often; default once. */
  readonly times?: number;
}

/** A complete snapshot, as messages. */
export function snapshot(items: readonly unknown[], heartbeatMs = 1_000_000): readonly unknown[] {
  return [
    { type: 'open', mode: 'snapshot', epoch: 'e1', heartbeatMs },
    { type: 'page', items },
    { type: 'synced', cursor: 'c1' },
  ];
}
