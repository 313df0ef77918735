/** The page "Operations": its code compiles and runs, and its tables have an entry for each code and message of the kit. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it, test } from 'node:test';
import { ADAPTER_ERROR_CODES } from '../../../src/adapters/contract.ts';
import type { CampaignStore, StoreEvent } from '../../../src/index.ts';
import { en } from '../../../src/i18n/index.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';
import { createFixture, flow, record } from '../../support/store-fixture.ts';

const page = readFileSync('docs/operations.md', 'utf8');
const types = readFileSync('src/store/types.ts', 'utf8');
const core = readFileSync('src/store/core/system-core.ts', 'utf8');

/** The words of a union in the types of the store. */
function wordsOf(type: string): string[] {
  const [, union = ''] = new RegExp(`^export type ${type} =([^;]*);`, 'm').exec(types) ?? [];
  return [...union.matchAll(/^ {2}\| '([\w-]+)'/gm)].map(([, word = '']) => word);
}

/** The first column of the table below a heading. */
function entriesOf(heading: string): string[] {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  return [...(section ?? '').matchAll(/^\| `([^`]+)` +\|/gm)].map(([, entry = '']) => entry);
}

/** Each text contains an entry of the table below a heading, and each entry is in a text. */
function eachHasAnEntry(texts: readonly string[], heading: string): void {
  const entries = entriesOf(heading);
  const used = texts.map((text) => entries.find((entry) => text.includes(entry)) ?? `nothing for: ${text}`);
  assert.deepEqual([...new Set(used)].toSorted(), entries.toSorted());
}

const [, reasons = ''] = /^const RESYNC_REASONS = \{(.*?)^\}/ms.exec(core) ?? [];

describe('the page names everything that the kit says:', () => {
  for (const [heading, column, words] of [
    ['Tags say "Last known" or "Loading…"', 'state', wordsOf('ConnectionState')],
    ['The connection fails', 'cause.code', [...ADAPTER_ERROR_CODES, 'unknown-system']],
    ['The error log has reports', 'kind', wordsOf('StoreEventKind')],
    ['An action is not possible, or did not succeed', 'reason.code', wordsOf('ReasonCode')],
    [
      'Everything is read again',
      'reason',
      [...reasons.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, word = '']) => word).concat('new-epoch'),
    ],
  ] as const)
    test(heading, () => {
      const entries = entriesOf(heading).filter((entry) => entry !== column);
      assert.ok(words.length >= 6, `${words.length} words were found in the code`);
      assert.deepEqual(entries.toSorted(), [...words].toSorted());
    });

  test('An element shows a sentence instead of campaigns', () => {
    const texts = Object.entries(en).flatMap(([key, text]) =>
      key.startsWith('setup.') && typeof text === 'string' ? text : [],
    );
    eachHasAnEntry(texts, 'An element shows a sentence instead of campaigns');
  });

  test('The console shows a warning', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.startsWith('conformance'),
    );
    const calls = sources.flatMap((path) => {
      const code = readFileSync(`src/${path}`, 'utf8');
      return [...code.matchAll(/console\.(?:warn|error)\(/g)].map(({ index }) => code.slice(index, index + 300));
    });
    eachHasAnEntry(calls, 'The console shows a warning');
  });
});

/** As much of the SDKs as the code of the page uses, with what was sent to them. */
const SDKS = {
  '@sentry/browser': `
    interface Context { level: 'error' | 'warning'; tags: Record<string, string>; extra: Record<string, unknown>; fingerprint: string[] }
    export const sent: unknown[] = [];
    export const captureMessage = (message: string, context: Context): void => void sent.push({ message, ...context });
    export const addBreadcrumb = (crumb: { category: string; message: string; data: Record<string, unknown> }): void => void sent.push(crumb);
  `,
  '@opentelemetry/api': `
    type Attributes = Record<string, string>;
    type Observe = (result: { observe(value: number, attributes: Attributes): void }) => void;
    export const counted: unknown[] = [];
    export const callbacks: Observe[] = [];
    const createCounter = (name: string) => ({ add: (value: number, attributes: Attributes): void => void counted.push({ name, value, attributes }) });
    const createObservableGauge = (_name: string, _options: { unit: string }) => ({ addCallback: (callback: Observe): void => void callbacks.push(callback) });
    export const metrics = { getMeter: (_name: string) => ({ createCounter, createObservableGauge }) };
  `,
  '@opentelemetry/api-logs': `
    export enum SeverityNumber { WARN = 13 }
    interface LogRecord { severityNumber: SeverityNumber; body: string; attributes: Record<string, string> }
    export const logged: unknown[] = [];
    export const logs = { getLogger: (_name: string) => ({ emit: (entry: LogRecord): void => void logged.push(entry) }) };
  `,
};

describe('the code of the page', () => {
  const folder = new DocFolder('.operations');
  const file = (sdk: string): string => `${sdk.replaceAll(/\W/g, '-')}.ts`;

  before(async () => {
    const blocks = await codeBlocks('docs/operations.md', 'ts');
    assert.equal(blocks.length, 2);
    for (const [index, name] of ['sentry.ts', 'telemetry.ts'].entries()) {
      let code = blocks[index]!;
      for (const sdk of Object.keys(SDKS)) code = code.replace(`'${sdk}'`, `'./${file(sdk)}'`);
      await folder.write(name, code);
    }
    for (const [sdk, code] of Object.entries(SDKS)) await folder.write(file(sdk), code);
  });
  after(() => folder.remove());

  it('type-checks', () => folder.typeCheck());

  it('sends a mistake to Sentry as an issue with the inspection, and anything else as a breadcrumb', async () => {
    const { store, reportToSentry } = await folder.load<{
      store: CampaignStore;
      reportToSentry: (event: StoreEvent) => void;
    }>('sentry.ts');
    const { sent } = await folder.load<{ sent: Record<string, unknown>[] }>(file('@sentry/browser'));
    await store.perform({ system: 'nowhere', id: 'a' }, 'start');
    reportToSentry({ kind: 'protocol', detail: { system: 'flows' } });
    assert.deepEqual(
      sent.map(({ message }) => message),
      ['refused', 'campaign-status-kit: protocol'],
    );
    assert.deepEqual(Object.keys(sent[1]!['extra'] as object), ['detail', 'inspection']);
    store.dispose();
  });

  it('counts and logs each report with OpenTelemetry, and measures for how long a system is stale', async () => {
    const code = await folder.load<{
      reportToOpenTelemetry: (event: StoreEvent) => void;
      measureStaleness: (store: CampaignStore) => void;
    }>('telemetry.ts');
    const { counted, callbacks } = await folder.load<{
      counted: { attributes: unknown }[];
      callbacks: ((result: { observe(value: number, attributes: unknown): void }) => void)[];
    }>(file('@opentelemetry/api'));
    const { logged } = await folder.load<{ logged: { body: string }[] }>(file('@opentelemetry/api-logs'));
    const { store, env, adapter } = createFixture({ report: code.reportToOpenTelemetry });
    code.measureStaleness(store);
    record(store.campaign(flow('a')));
    await env.advance(0);
    adapter.feed.snapshot([{ id: 'a', status: 7, revision: 1 }]);
    adapter.feed.fail();
    await env.advance(1100);
    const [{ attributes }] = counted as [{ attributes: unknown }];
    assert.deepEqual(attributes, { kind: 'unreadable', system: 'flows' });
    assert.equal(logged[0]!.body, 'campaign-status-kit: unreadable');
    const observed: unknown[] = [];
    callbacks[0]!({ observe: (value, of) => observed.push([value, of]) });
    assert.deepEqual(observed, [[1.1, { system: 'flows' }]]);
    store.dispose();
  });
});
