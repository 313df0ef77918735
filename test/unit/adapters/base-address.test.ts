/** `src` of httpAdapter: resolved once, without credentials, with its query behind the path. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { httpAdapter } from '../../../src/adapters/index.ts';

const around = globalThis as { document?: unknown };
afterEach(() => delete around.document);

/** Puts the code on a page. */
function onPage(baseURI: string): { baseURI: string } {
  const page = { baseURI };
  around.document = page;
  return page;
}

/** The addresses that an adapter asks, for the campaign `a` and for a feed of two ids. */
async function asked(src: string, after = (): void => {}): Promise<string[]> {
  const addresses: string[] = [];
  const adapter = httpAdapter({
    src,
    fetch: (address) => {
      addresses.push(address as string);
      return Promise.resolve(Response.json({}));
    },
  });
  after();
  const { signal } = new AbortController();
  await adapter.get!({ system: 'flows', id: 'a' }, signal);
  const feed = adapter.watch({ system: 'flows', ids: ['a', 'b'], signal }) as AsyncGenerator;
  await feed.next().catch(() => {});
  return addresses;
}

describe('on a page', () => {
  test('a relative `src` keeps its meaning when a single-page app goes on to another address', async () => {
    const page = onPage('https://shop.example/app/');
    const [address] = await asked('api', () => (page.baseURI = 'https://shop.example/app/c/a/edit'));
    assert.equal(address, 'https://shop.example/app/api/flows/campaigns/a');
  });

  test('credentials in the address of the page, or in `src`, are dropped', async () => {
    onPage('http://user:secret@shop.example/');
    assert.equal((await asked('/api'))[0], 'http://shop.example/api/flows/campaigns/a');
    assert.equal((await asked('https://u:p@api.example'))[0], 'https://api.example/flows/campaigns/a');
  });

  test('blanks around it do not count', async () => {
    onPage('https://shop.example/');
    assert.equal((await asked(' /api \n'))[0], 'https://shop.example/api/flows/campaigns/a');
  });
});

for (const page of ['https://shop.example/', undefined])
  describe(page ? 'on a page' : 'without a page', () => {
    test('a query stays behind the path, together with the one of the contract', async () => {
      if (page) onPage(page);
      const origin = page ? 'https://shop.example' : '';
      assert.deepEqual(await asked('/api?tenant=acme'), [
        `${origin}/api/flows/campaigns/a?tenant=acme`,
        `${origin}/api/flows/watch?id=a&id=b&tenant=acme`,
      ]);
    });

    for (const [src, why] of [
      ['', 'is missing'],
      ['  ', 'is missing'],
      ['#x', 'which has a fragment that no server sees'],
      ['https://api.example/#/v1', 'which has a fragment that no server sees'],
      ['ftp://api.example', 'which is not http or https'],
      ['javascript:alert(1)', 'which is not http or https'],
      ['http://', 'which is no address'],
    ] as const)
      test(`${JSON.stringify(src)} is refused: it ${why}`, () => {
        if (page) onPage(page);
        assert.throws(
          () => httpAdapter({ src }),
          (error: Error) => error.name === 'TypeError' && error.message.includes(why),
        );
      });
  });

test('without a page, a relative `src` is left to the host’s own fetch', async () => {
  assert.equal((await asked('api/'))[0], 'api/flows/campaigns/a');
});
