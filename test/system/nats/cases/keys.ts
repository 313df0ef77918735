import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { natsId, natsKey } from '../../../../src/adapters/nats.ts';
import { fc } from '../../../support/fast-check.ts';
import { describeNats } from '../../../support/nats/describe.ts';
import { createFixture } from '../../../support/nats/fixture.ts';

/** What the client accepts as a key, and as one token of a subject. */
const TOKEN = /^[-/_=a-zA-Z0-9]+$/;

describe('keys', () => {
  it('every id has one key, which is legal and one token, and can be decoded to the id', () => {
    const sizes = { minLength: 1, maxLength: 80 };
    const ids = fc.oneof(fc.string({ unit: 'binary', ...sizes }), fc.string({ unit: 'binary-ascii', ...sizes }));
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const key = natsKey(one);
        assert.match(key, TOKEN);
        assert.equal(natsId(key), one);
        assert.equal(natsKey(other) === key, other === one);
      }),
    );
  });

  it('a plain id is its own key', () => {
    assert.equal(natsKey('Spring_sale-2'), 'Spring_sale-2');
    assert.equal(natsKey('Größe 1.5'), 'Gr=C3=B6=C3=9Fe=201=2E5');
    assert.equal(natsKey("*>/=.'()!~"), '=2A=3E=2F=3D=2E=27=28=29=21=7E');
  });

  it('an id that no key can hold is refused, and the error names it', () => {
    for (const id of ['', '\ud800', 'x'.repeat(1025), '€'.repeat(200)])
      assert.throws(() => natsKey(id), { name: 'RangeError', message: /an id of 1 to 1024 bytes/ });
  });

  it('a key in another encoding has no id', () => {
    for (const key of ['', 'a.b', 'a/b', 'a=2fb', '=41', '=', '=ZZ', '=FF', 'a b', '%41'])
      assert.equal(natsId(key), undefined, key);
  });
});

describeNats('campaigns with odd ids', () => {
  it('campaigns with unusual ids are watched, read and acted upon like any other', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    const ids = [
      'a.b',
      '.',
      'a b',
      '*',
      '>',
      '$KV',
      'a/b',
      'a=b',
      '=41',
      'ü😀',
      '__proto__',
      'A',
      'a',
      'x'.repeat(1000),
    ];
    for (const id of ids) platform.backend.campaigns.add({ system: 'flows', id, met: ['active-flow'] });
    const client = await at.client().live();
    await client.equals();
    for (const id of ids) {
      const ref = { system: 'flows', id };
      assert.equal(await client.store.refresh(ref), true, id);
      assert.deepEqual(await client.store.perform(ref, 'start'), { outcome: 'done' }, id);
    }
    await client.equals();
    platform.backend.campaigns.remove({ system: 'flows', id: '>' });
    await client.equals();
    assert.equal(platform.backend.effects().length, ids.length);
  });
});
