import { expect, fixture, html } from '@open-wc/testing';
import { csvChunk } from '../../src/elements/campaign-list/csv-chunk.ts';
import '../../src/elements/campaign-list/define.ts';
import type { CampaignList } from '../../src/elements/campaign-list/campaign-list.ts';
import { listView } from '../../src/store/data/list-view.ts';
import { until } from '../support/browser.ts';
import { BehaviorSubject } from 'rxjs';
import type { ListView, Live } from '../../src/store/index.ts';
import { ManyStore, nameOf } from '../support/elements/many-store.ts';
import { StubStore, type Facts } from '../support/elements/stub-store.ts';

class FewStore extends StubStore {
  readonly #list: BehaviorSubject<ListView>;

  constructor(campaigns: Readonly<Record<string, Facts>>) {
    super();
    const ids = Object.keys(campaigns);
    for (const id of ids) this.show({ system: 'flows', id }, campaigns[id]!);
    this.#list = new BehaviorSubject(listView({ ids, total: ids.length, counts: new Map(), complete: true }));
  }

  override list(): Live<ListView> {
    return this.#list;
  }
}

async function listOf(store: StubStore): Promise<CampaignList> {
  const list = await fixture<CampaignList>(html`<campaign-list system="flows" .store=${store}></campaign-list>`);
  await until(() => list.renderRoot.querySelector('[part="row"]'), 'rows');
  return list;
}

/** The lines of the file, without the mark at its beginning. */
async function linesOf(list: CampaignList): Promise<string[]> {
  const text = await (await list.exportCsv()).text();
  return text.replace(/^\uFEFF/, '').split('\r\n');
}

describe('campaign-list, exported as CSV', () => {
  it('is UTF-8 with a byte order mark, a line of names and one line for each campaign in its order', async () => {
    const list = await listOf(
      new FewStore({
        b: { status: 'error', name: 'Übung', message: 'No channel', at: Date.UTC(2026, 1, 3, 4, 5, 6) },
        a: { status: 'paused', name: 'a' },
      }),
    );
    const blob = await list.exportCsv();
    expect(blob.type).to.equal('text/csv;charset=utf-8');
    expect([...new Uint8Array(await blob.slice(0, 3).arrayBuffer())]).to.deep.equal([0xef, 0xbb, 0xbf]);
    expect(await linesOf(list)).to.deep.equal([
      'Id,Campaign,Status,Status from the backend,Message,Since,Last known at',
      'b,Übung,Error,error,No channel,2026-02-03T04:05:06.000Z,',
      'a,a,paused,paused,,,',
      '',
    ]);
  });

  it('quotes commas, quotes and line ends', async () => {
    const list = await listOf(
      new FewStore({ a: { status: 'error', name: 'One, "two"', message: 'first\nsecond\r\nthird' } }),
    );
    const text = await (await list.exportCsv()).text();
    expect(text.split('\r\n').slice(1).join('\r\n')).to.equal(
      'a,"One, ""two""",Error,error,"first\nsecond\r\nthird",,\r\n',
    );
  });

  for (const [what, text, cell] of [
    ['an equals sign', '=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['a plus sign', '+1', "'+1"],
    ['a minus sign', '-1', "'-1"],
    ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
    ['a tab', '\t=1', "'\t=1"],
    ['a carriage return', '\r=1', `"'\r=1"`],
  ] as const)
    it(`lets no spreadsheet run a cell that begins with ${what}`, async () => {
      const list = await listOf(new FewStore({ a: { status: 'error', name: text } }));
      const file = await (await list.exportCsv()).text();
      expect(file).to.contain(`a,${cell},Error`);
    });

  it('says when a status is only the last known one', async () => {
    const list = await listOf(
      new FewStore({ a: { status: 'active', name: 'a', stale: { asOf: Date.UTC(2026, 0, 1), why: 'feed' } } }),
    );
    expect((await linesOf(list))[1]).to.equal('a,a,Active,active,,,2026-01-01T00:00:00.000Z');
  });

  it('holds rows that were never rendered', async () => {
    const list = await listOf(new ManyStore(5000));
    const lines = await linesOf(list);
    expect(lines.length).to.equal(5002);
    expect(lines[5000]).to.contain(nameOf('c004999'));
  });

  it('rejects while there is nothing to show, and if its code can not be loaded', async () => {
    const list = document.createElement('campaign-list');
    const failed = async (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'it did not reject',
        (error: unknown) => (error as Error).name,
      );
    expect(await failed(list.exportCsv())).to.equal('InvalidStateError');
    const shown = await listOf(new ManyStore(1));
    const { load } = csvChunk;
    csvChunk.load = () => Promise.reject(new TypeError('no network'));
    try {
      expect(await failed(shown.exportCsv())).to.equal('TypeError');
    } finally {
      csvChunk.load = load;
    }
  });
});
