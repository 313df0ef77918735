/** The exchange file for translators' tools. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromExchange, toExchange } from '../../../src/i18n/exchange.ts';
import { Localizer } from '../../../src/i18n/index.ts';
import { english, translated } from '../../support/languages.ts';

describe('an exchange file', () => {
  for (const language of [english, ...Object.values(translated)])
    test(`gives back every text of the language ${language.lang}`, () => {
      const file = JSON.stringify(toExchange(language));
      assert.deepEqual(fromExchange(language.lang, JSON.parse(file) as object), language);
    });

  test('has plural forms in ICU syntax', () => {
    assert.equal(
      toExchange(english).messages['list.count'],
      '{count, plural, one {{count} campaign} other {{count} campaigns}}',
    );
  });

  test('may come back with other spaces and with # for the count', () => {
    const message = '{ count,plural,\n  one {# Aktion}\n  other {# Aktionen} }';
    const back = new Localizer(fromExchange('de', { messages: { 'list.count': message } }));
    assert.equal(back.format('list.count', { count: 1 }), '1 Aktion');
    assert.equal(back.format('list.count', { count: 1200 }), '1.200 Aktionen');
  });

  test('keeps apostrophes', () => {
    const table = {
      lang: 'it',
      messages: { 'list.count': { one: "l'unica", other: "l'altra" } },
      terms: { a: "dell'A" },
    };
    assert.equal(toExchange(table).terms['a'], "dell''A");
    assert.deepEqual(fromExchange('it', toExchange(table)), table);
  });

  for (const [what, message, error] of [
    ['an unknown plural form', '{count, plural, lots {x} other {y}}', 'list.count: "lots" is no plural form'],
    ['no form “other”', '{count, plural, one {x}}', 'list.count: the form "other" is missing'],
    ['another ICU format', '{when, date, short}', 'list.count: cannot read "{when, date, short}"'],
    ['an open brace', '{count, plural, one {x} other {y}', 'list.count: cannot read "other {y"'],
  ] as const)
    test(`is refused by the name of the key for ${what}`, () => {
      assert.throws(() => fromExchange('de', { messages: { 'list.count': message } }), { message: error });
    });

  test('is refused for plural forms of a term', () => {
    assert.throws(() => fromExchange('de', { terms: { a: '{count, plural, other {x}}' } }), {
      message: 'a: a term has no plural forms',
    });
  });
});
