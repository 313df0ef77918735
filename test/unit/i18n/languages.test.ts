/** The languages of the kit: each is complete, in its own words, with the placeholders and plural forms that it needs. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Localizer, termsOf, type Language, type Message } from '../../../src/i18n/index.ts';
import { python } from '../../../src/lifecycle/index.ts';
import { english as englishLanguage, formsOf, longest, pseudo, translated } from '../../support/languages.ts';

const textsOf = ({ messages, terms }: Language): Readonly<Record<string, Message>> => ({ ...messages, ...terms });
const english = textsOf(englishLanguage);
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();
const wordless = (text: string): boolean => !/\p{L}/u.test(text.replace(/\{\w+\}/g, ''));

/** The texts that are right although they equal the English ones, and why. */
const SAME: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  de: {
    'the German word is the same': ['status.name', 'dependency.agent', 'list.column.status', 'csv.status'],
    'the usual name of this log level': ['log.level.debug', 'log.level.info'],
    'the name of a product': ['flows.label', 'python.label'],
  },
  fr: {
    'the French word is the same': [
      'popup.cause',
      'dependency.agent',
      'list.column.action',
      'log.level.info',
      'flows.statuses.inactive.label',
      'flows.statuses.active.label',
      'python.prerequisites.contacts.label',
    ],
    'the name of a product': ['flows.label', 'python.label'],
  },
  es: {
    'the Spanish word is the same': [
      'header.editable.yes',
      'log.level.error',
      'flows.statuses.error.label',
      'python.statuses.error.label',
    ],
    'the name of a product': ['flows.label', 'python.label'],
  },
  ja: { 'the name of a product': ['python.label'] },
  ar: { 'the name of a product': ['python.label'] },
};

for (const language of Object.values(translated)) {
  const { lang } = language;
  const texts = textsOf(language);
  const rules = new Intl.PluralRules(lang);

  describe(`the language ${lang}`, () => {
    test('has every text of the kit and of its lifecycles, and no other', () => {
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort());
    });

    test('has the placeholders of English in every form; a form for one certain number may do without {count}', () => {
      for (const [key, message] of Object.entries(texts)) {
        const expected = placeholders(formsOf(english[key]!)['other']!);
        for (const [form, text] of Object.entries(formsOf(message))) {
          const exact = lang === 'ar' && ['zero', 'one', 'two'].includes(form);
          const found = exact ? placeholders(`${text}{count}`) : placeholders(text);
          assert.deepEqual(found, expected, `${key} (${form})`);
        }
      }
    });

    test('has each of its plural forms wherever English has plural forms', () => {
      const { pluralCategories } = rules.resolvedOptions();
      for (const [key, message] of Object.entries(texts))
        if (typeof english[key] !== 'string')
          assert.deepEqual(Object.keys(formsOf(message)).sort(), [...pluralCategories].sort(), key);
    });

    test('repeats no English text, but for those that are listed with a reason', () => {
      const listed = Object.values(SAME[lang]!).flat();
      const same = Object.entries(texts).flatMap(([key, message]) => {
        const known = new Set(Object.values(formsOf(english[key]!)));
        return Object.values(formsOf(message)).some((text) => known.has(text) && !wordless(text)) ? [key] : [];
      });
      assert.deepEqual(same.sort(), listed.sort());
    });

    test('has no empty text, no stray spaces and no straight quotes around words', () => {
      for (const [key, message] of Object.entries(texts))
        for (const text of Object.values(formsOf(message))) {
          assert.equal(text.trim(), text, key);
          assert.notEqual(text, '', key);
          assert.doesNotMatch(text, / {2}|['’]{2}/, key);
          assert.doesNotMatch(text.replace('src="…"', ''), /"|'/, key);
        }
    });
  });
}

describe('plural forms', () => {
  test('Arabic uses all six', () => {
    const arabic = new Localizer(translated.ar);
    const [three, eleven, hundred] = [3, 11, 100].map((count) => arabic.number(count));
    assert.deepEqual(
      [0, 1, 2, 3, 11, 100].map((count) => arabic.format('list.count', { count })),
      ['لا حملات', 'حملة واحدة', 'حملتان', `${three} حملات`, `${eleven} حملة`, `${hundred} حملة`],
    );
  });

  test('French takes the singular for none, and “de” after a million', () => {
    const french = new Localizer(translated.fr);
    assert.equal(french.format('list.count', { count: 0 }), '0 campagne');
    assert.match(french.format('list.count', { count: 1_000_000 }), /^1\s000\s000 de campagnes$/);
  });
});

describe('the terms of a lifecycle', () => {
  test('are all its texts, by the paths at which a translation replaces them', () => {
    const terms = termsOf(python);
    assert.equal(terms['python.label'], 'Python');
    assert.equal(terms['python.statuses.error.label'], 'Error');
    assert.equal(terms['python.actions.force-stop.confirm.title'], 'Force stop {name}?');
    assert.equal(terms['python.recovery.error.read.text'], 'Read the error: it names the cause.');
    assert.equal(terms['python.statuses.error.tone'], undefined);
  });
});

describe('the pseudo-locale', () => {
  test('keeps placeholders, and writes everything else with accents, in brackets and 40 % longer', () => {
    for (const [key, message] of Object.entries(textsOf(pseudo)))
      for (const [form, text] of Object.entries(formsOf(message))) {
        const own = formsOf(english[key]!)[form]!;
        assert.deepEqual(placeholders(text), placeholders(own), key);
        assert.match(text, /^\[.*\]$/s, key);
        assert.doesNotMatch(text.replace(/\{\w+\}/g, ''), /[A-Za-z]/, key);
        assert.ok(text.length >= own.length * 1.4, key);
      }
  });
});

describe('the longest texts', () => {
  test('are those of the language that needs most room; a Japanese letter needs that of two', () => {
    assert.equal(
      longest.terms['python.actions.force-stop.label'],
      translated.es.terms['python.actions.force-stop.label'],
    );
    assert.equal(longest.messages['list.column.name'], translated.ja.messages['list.column.name']);
  });
});
