/** What a search finds: texts that look or are meant the same, in the scripts that campaigns are named in. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row } from '../../support/scripted-adapter.ts';
import { liveFixture } from '../../support/store-fixture.ts';

/** Whether a list of one campaign of this name shows it for this text. */
async function finds(name: string, text: string): Promise<boolean> {
  const { store } = await liveFixture([row('1', 'active', 1, { name })]);
  const { size } = store.list('flows', { text }).value;
  store.dispose();
  return size === 1;
}

const FOUND: Readonly<Record<string, readonly (readonly [name: string, text: string])[]>> = {
  'regardless of case and accents': [
    ['Ångström', 'angstrom'],
    ['Việt Nam', 'viet nam'],
    ['Ώρα', 'ωρα'],
    ['Ёлка', 'елка'],
    ['İstanbul', 'istanbul'],
    ['ISTANBUL', 'ıstanbul'],
    ['ΟΔΟΣ', 'οδοσ'],
  ],
  'letters with strokes, and ligatures': [
    ['Straße', 'STRASSE'],
    ['STRASSE', 'straße'],
    ['Łódź', 'lodz'],
    ['København', 'kobenhavn'],
    ['Ærø', 'aero'],
    ['Þingvellir', 'thing'],
  ],
  'compatibility forms': [
    ['ﬁtness', 'fitness'],
    ['fitness', 'ﬁt'],
    ['ＡＢＣ', 'abc'],
    ['ｶﾞｲﾄﾞ', 'ガイド'],
    ['Area 10²', '102'],
  ],
  'kinds of quotes, dashes and blanks': [
    ['Mother’s day', "mother's"],
    ['“Spring”', '"spring"'],
    ['day – spring', 'day - spring'],
    ['day\u00a0\u2009 spring', 'day spring'],
    ['day spring', '  day   spring '],
  ],
  'characters that nobody sees': [
    ['news\u00adletter', 'newsletter'],
    ['newsletter', 'news\u00adletter'],
    ['\u2067שלום\u2069', 'שלום'],
    ['می\u200cخواهم', 'میخواهم'],
  ],
  'optional vowel points': [
    ['שָׁלוֹם', 'שלום'],
    ['مُحَمَّد', 'محمد'],
    ['محـــمد', 'محمد'],
  ],
  'in scripts that write vowels as signs, the very same text': [
    ['हिन्दी अभियान', 'हिन्दी'],
    ['தமிழ்', 'தமிழ்'],
    ['ภาษาไทย', 'ภาษา'],
    ['한국어', '한국'],
    ['春のセール', '春の'],
  ],
};

const NOT_FOUND: readonly (readonly [what: string, name: string, text: string])[] = [
  ['another Devanagari vowel sign', 'कि', 'की'],
  ['a Devanagari text without its vowel signs', 'हिन्दी', 'हनद'],
  ['another Tamil vowel sign', 'தமிழ்', 'தமழ'],
  ['another Thai vowel sign', 'กา', 'กี'],
  ['kana without the voicing mark', 'がっこう', 'かっこう'],
  ['и for й', 'Чай', 'Чаи'],
  ['a combining mark alone', 'Été', '\u0301'],
  ['only characters that nobody sees', 'Spring', '\u00ad\u200b'],
];

describe('a search', () => {
  for (const [what, pairs] of Object.entries(FOUND))
    for (const [name, text] of pairs)
      test(`${what}: ${JSON.stringify(text)} finds ${JSON.stringify(name)}`, async () => {
        assert.equal(await finds(name, text), true);
      });

  for (const [what, name, text] of NOT_FOUND)
    test(`does not find ${JSON.stringify(name)} by ${what}, ${JSON.stringify(text)}`, async () => {
      assert.equal(await finds(name, text), false);
    });

  test('for blanks finds all', async () => {
    assert.equal(await finds('Spring', ' \u00a0'), true);
  });
});
