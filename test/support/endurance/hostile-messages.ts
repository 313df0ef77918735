/** Generates malformed, hostile and huge feed messages. The same seed gives the same messages. */
import { seededRandom, type SeededRandom } from '../../../mocks/random.ts';

/** A message for the feed: a value that is sent as JSON, or a text that is sent as it is. */
export type Message = object | string | number | null;

/** No message is longer than what the HTTP adapter reads. */
const LARGE = 1_500_000;
/** A store remembers this many removed campaigns. */
const REMEMBERED = 1_000;
/** Property names that every object inherits, and values that are no text. */
const WORDS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  'null',
  'undefined',
];
const CONTROLS = ['\u0000', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\u2028', '\ufeff'];
const TURNS = ['\u202e', '\u202d', '\u202a', '\u2066', '\u2067', '\u2068', '\u202c', '\u2069', 'שלום', 'مرحبا'];
const HALVES = ['\ud800', '\udfff', '😀'.slice(0, 1), '😀'.slice(1)];
const MARKUP = [
  '<img src=x onerror=alert(1)>',
  '</style><script>alert(1)</script>',
  '${alert(1)}',
  'javascript:alert(1)',
];
const WRONG: readonly unknown[] = [0, -1, 1.5, true, null, [], {}, ['active'], { status: 'active' }, [[[]]]];

export class Hostility {
  readonly #random: SeededRandom;
  readonly #kinds: readonly (() => Message)[];
  #drawn = 0;
  /** Campaigns that appeared for the first time, and how many of them are gone for good. */
  #newIds = 0;
  #removed = 0;
  #revision = 1;

  /** @param ids hostile campaigns that {@link calm} restores */
  constructor(
    seed: string,
    private readonly ids: readonly string[],
  ) {
    this.#random = seededRandom(seed);
    this.#kinds = [
      () => this.#upsert(this.#wrongTypes()),
      () => this.#upsert(...Array.from({ length: 20 }, () => this.#odd(this.#newId()))),
      () => this.#upsert(this.#odd(this.#known())),
      () => this.#upsert(this.#large(this.#known())),
      () => this.#upsert(this.#large(this.#newId())),
      () => this.#inherited(),
      () => this.#revisions(),
      () => this.#unknownStatuses(),
      () => this.#deep(),
      () => this.#repeated(),
      () => this.#crowded(),
      () => this.#goneAndBack(),
      () => this.#noChange(),
      () => this.#noEvent(),
      () => this.#times(),
    ];
  }

  /** The next message. The feed survives it. */
  next(): Message {
    return this.#pick(this.#kinds)();
  }

  /** A message that no feed survives: a line longer than the adapter reads, or invalid JSON. */
  ruinous(): Message {
    return this.#pick([
      () => `{"type":"upsert","items":[{"id":"x","message":"${'x'.repeat(10 * 1024 * 1024)}"}]}`,
      () => '{"type":"upsert","items":[{"id":',
      () => '\ud800{]\u0000',
    ])();
  }

  /**
   * The messages that restore everything: known campaigns are present and well, and all others are removed. The last
   * removals are as many as a store remembers, so that it remembers the same ones each time. Send them until they
   * arrive.
   */
  calm(note: string): Message[] {
    const removed = Array.from({ length: this.#newIds - this.#removed }, (_, n) => ({ id: newId(this.#removed + n) }));
    const known = this.ids.map((id) => ({
      id,
      name: `zz ${id}`,
      status: 'inactive',
      message: note,
      revision: this.#next(),
    }));
    const last = Array.from({ length: REMEMBERED }, (_, n) => ({
      id: `zz last ${n}`,
      status: 'error',
      revision: this.#next(),
    }));
    return [
      { type: 'remove', items: [...removed, ...WORDS.map((id) => ({ id }))] },
      { type: 'upsert', items: last },
      { type: 'remove', items: last.map(({ id }) => ({ id })) },
      { type: 'upsert', items: known },
    ];
  }

  /** The messages of {@link calm} have arrived: campaigns created until now will not appear again. */
  acknowledge(): void {
    this.#removed = this.#newIds;
  }

  // --- records ----------------------------------------------------------------------------------------------------------

  #upsert(...items: readonly object[]): Message {
    return { type: 'upsert', items };
  }

  #record(id: string): Record<string, unknown> {
    // Named so that it sorts after all well-behaved campaigns.
    return { id, name: `zz ${id}`, status: 'error', revision: this.#next() };
  }

  #wrongTypes(): object {
    const record = this.#record(this.#known());
    const fields = ['status', 'name', 'message', 'at', 'changedBy', 'missing', 'cause', 'denied', 'revision', 'system'];
    for (let n = this.#between(1, 3); n > 0; n--) record[this.#pick(fields)] = this.#pick(WRONG);
    return record;
  }

  #odd(id: string): object {
    return {
      ...this.#record(id),
      name: `zz ${this.#text(40)}`,
      message: this.#text(400),
      changedBy: this.#text(30),
      status: this.#between(0, 2) ? 'error' : this.#text(20),
      cause: { kind: this.#pick(['channel', 'agent', ...WORDS]), id: `c${this.#text(10)}`, name: this.#text(30) },
      at: this.#pick([0, -1, 8.64e15, -8.64e15, 1e300, 'yesterday', '2026-01-01', '9999-12-31T23:59:59Z']),
    };
  }

  #large(id: string): object {
    const line = `${this.#text(20)}\n`;
    return {
      ...this.#record(id),
      message: this.#pick([line.repeat(50_000), 'x'.repeat(LARGE), `${'\u202e'.repeat(20_000)}${'é'.repeat(200_000)}`]),
      name: `zz ${'n'.repeat(this.#between(0, 1) * 200_000)}`,
      changedBy: 'w'.repeat(this.#between(0, 100_000)),
    };
  }

  #inherited(): Message {
    const name = this.#pick(WORDS);
    const key = JSON.stringify(name);
    const pollution = '{"polluted":true,"status":"active","toString":1}';
    return (
      `{"type":"upsert","__proto__":${pollution},"items":[` +
      `{"id":${key},"name":"zz","status":${key},"revision":${this.#next()},"__proto__":${pollution},"constructor":{"prototype":${pollution}},` +
      `"denied":{"__proto__":"p","constructor":"c"},"missing":["__proto__",${key}],"cause":{"kind":${key},"id":"__proto__"}}]}`
    );
  }

  #revisions(): Message {
    const id = this.#known();
    const revision = this.#pick(['-1', '1e308', '1e400', '-0.5', '"10"', 'null', '9007199254740993', 'true', '[]']);
    return `{"type":"upsert","items":[{"id":"${id}","name":"zz","status":"active","revision":${revision}}]}`;
  }

  #unknownStatuses(): Message {
    return this.#upsert(
      ...Array.from({ length: this.#between(1, 60) }, () => ({
        ...this.#record(this.#newId()),
        status: this.#pick(['', 'PAUSED ', '上線', 'a'.repeat(600)]) + this.#text(12),
      })),
    );
  }

  #deep(): Message {
    const depth = this.#between(100, 20_000);
    const deep = `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`;
    const field = this.#pick(['status', 'extra', 'cause', 'message']);
    return `{"type":"upsert","items":[{"id":"${this.#known()}","status":"error","revision":${this.#next()},"${field}":${deep}}]}`;
  }

  #repeated(): Message {
    const id = this.#known();
    return this.#upsert(
      ...Array.from({ length: 500 }, (_, n) => ({
        ...this.#record(id),
        revision: n % 3 ? this.#revision : 1,
        message: `${n}`,
      })),
    );
  }

  #crowded(): Message {
    const many = Array.from({ length: 20_000 }, (_, n) => `p${n}`);
    const record = this.#record(this.#known());
    return this.#upsert({
      ...record,
      status: 'inactive',
      missing: many,
      denied: Object.fromEntries(many.map((name) => [name, name])),
    });
  }

  #goneAndBack(): Message {
    const id = this.#known();
    const items = [
      { id, revision: this.#next(), reason: this.#text(40) },
      { id: 7 },
      null,
      { id: 'never', revision: -1 },
    ];
    return this.#between(0, 1)
      ? { type: 'remove', items }
      : this.#upsert(this.#record(id), { ...this.#record(id), revision: 1 });
  }

  // --- malformed messages -----------------------------------------------------------------------------------------------

  #noChange(): Message {
    const type = this.#pick([...WORDS, 'compact', 'reload', '<script>', 'open', 'OPEN']);
    const items = this.#pick<unknown>([undefined, null, 'abc', 7, {}, [null, 7, 'x', [], [[]]], { length: 1e9 }]);
    return this.#pick<Message>([
      { type, items },
      { type: 'upsert', items },
      { type: 'remove', items },
      { type: 'page', items },
      { type: 'upsert', items: [{ ...this.#record('other'), system: 'python' }] },
      { type: 'heartbeat', count: this.#pick([-1, 'many', 1e308, null]), cursor: this.#pick([7, null, {}]) },
      { items },
      [],
      [[]],
      'null',
      '7',
      '"text"',
      'true',
    ]);
  }

  /** Texts that try to inject events into the stream itself. */
  #noEvent(): Message {
    return this.#pick([
      '{}\n\nretry: 1\nid: evil:1\nevent: message\ndata: null',
      '{}\n\n: a comment\n\nevent: close\ndata: {}',
      '{"type":\ndata: "unknown"}',
      '{}\r\rid\rdata: {}',
    ]);
  }

  #times(): Message {
    return { type: 'heartbeat', serverTime: this.#pick<unknown>([8.64e15, -8.64e15, 0, null, 'soon', 1e300, {}]) };
  }

  // --- random choices ---------------------------------------------------------------------------------------------------

  #text(longest: number): string {
    const parts = Array.from({ length: this.#between(0, longest) }, () =>
      this.#pick([...CONTROLS, ...TURNS, ...HALVES, ...MARKUP, ...WORDS, 'abc', '\n', '\t', '🎈', 'ﷺ', 'Z̸͠a͝']),
    );
    return parts.join('');
  }

  #known(): string {
    return this.#pick(this.ids);
  }

  #newId(): string {
    return newId(this.#newIds++);
  }

  #next(): number {
    return ++this.#revision;
  }

  #between(low: number, high: number): number {
    return this.#random.between(low, high, this.#drawn++);
  }

  #pick<T>(items: readonly T[]): T {
    return this.#random.pick(items, this.#drawn++);
  }
}

function newId(n: number): string {
  return `zz fresh ${n}`;
}
