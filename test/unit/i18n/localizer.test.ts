/** How texts are made in one language. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { english, Localizer, localizerOf } from '../../../src/i18n/index.ts';

describe('placeholders', () => {
  test('are replaced by name; numbers are formatted for the language', () => {
    assert.equal(english.format('status.name', { label: 'Active' }), 'Status: Active');
    assert.equal(english.fill('{a} of {b}', { a: 1, b: 12345 }), '1 of 12,345');
    assert.equal(new Localizer({ lang: 'de' }).fill('{n}', { n: 12345 }), '12.345');
  });

  test('stay when a parameter is missing; inherited names are no parameters', () => {
    assert.equal(english.fill('{name} {constructor} {toString}', {}), '{name} {constructor} {toString}');
  });

  test('insert plain text: no nested placeholders, no replacement patterns', () => {
    assert.equal(english.fill('{a} {b}', { a: '{b}', b: '$&$1' }), '{b} $&$1');
    assert.equal(english.fill('{a}{a}', { a: 'x' }), 'xx');
    assert.equal(english.fill('{a}', { a: '' }), '');
  });
});

describe('a duration', () => {
  const MINUTE = 60_000;
  test('is in whole minutes, hours or days, at least one minute', () => {
    const texts = [0, 1, 59, 60, 119, 47 * 60 + 59, 48 * 60].map((minutes) => english.duration(minutes * MINUTE));
    assert.deepEqual(texts, ['1 min', '1 min', '59 min', '1 hr', '1 hr', '47 hr', '2 days']);
  });

  test('follows the language', () => {
    assert.equal(new Localizer({ lang: 'de' }).duration(14 * MINUTE), '14 Min.');
    assert.equal(new Localizer({ lang: 'ja' }).duration(14 * MINUTE), '14 分');
  });
});

describe('plurals', () => {
  test('are selected by count', () => {
    assert.equal(english.format('list.count', { count: 1 }), '1 campaign');
    assert.equal(english.format('list.count', { count: 0 }), '0 campaigns');
    assert.equal(english.format('list.count', { count: 1200 }), '1,200 campaigns');
  });

  test('follow the language: Arabic has six forms, and a missing form is `other`', () => {
    const arabic = new Localizer({
      lang: 'ar',
      messages: { 'list.count': { zero: 'none', one: 'one', two: 'two', few: 'few', other: 'other' } },
    });
    const forms = [0, 1, 2, 3, 11, 100].map((count) => arabic.format('list.count', { count }));
    assert.deepEqual(forms, ['none', 'one', 'two', 'few', 'other', 'other']);
  });

  test('a table may have one text for all counts', () => {
    const localizer = new Localizer({ lang: 'ja', messages: { 'list.count': '{count} 件' } });
    assert.equal(localizer.format('list.count', { count: 3 }), '3 件');
  });
});

describe('a translation table', () => {
  const german = new Localizer({
    lang: 'de',
    messages: { 'status.gone': 'Entfernt', 'popup.copy': '' },
    terms: { 'flows.statuses.active.label': 'Aktiv', 'python.actions.force-stop.confirm.title': '{name} abbrechen?' },
  });

  test('overrides messages; missing ones are English', () => {
    assert.equal(german.format('status.gone'), 'Entfernt');
    assert.equal(german.format('status.absent'), 'Not found');
  });

  test('may set a message to the empty text', () => {
    assert.equal(german.format('popup.copy'), '');
  });

  test('overrides a term of a lifecycle by its path', () => {
    assert.equal(german.term('flows.statuses.active.label', 'Active'), 'Aktiv');
    assert.equal(german.term('flows.statuses.error.label', 'Error'), 'Error');
    assert.equal(
      german.term('python.actions.force-stop.confirm.title', 'Force stop {name}?', { name: 'A' }),
      'A abbrechen?',
    );
    assert.equal(german.term('constructor', 'own'), 'own');
  });

  test('accepts keys made at run time, but no inherited ones', () => {
    assert.equal(english.formatIfKnown('link.channels'), 'Open channels');
    assert.equal(english.formatIfKnown('link.nowhere'), undefined);
    assert.equal(english.formatIfKnown('constructor'), undefined);
    assert.equal(english.formatIfKnown('__proto__'), undefined);
  });
});

describe('a language tag', () => {
  test('that Intl rejects is reported once, and numbers are formatted as in English', (t) => {
    const errors = t.mock.method(console, 'error', () => {}).mock;
    const localizer = new Localizer({ lang: 'pt BR', messages: { 'time.justNow': 'agora' } });
    assert.equal(localizer.number(1234), '1,234');
    assert.equal(localizer.format('time.justNow'), 'agora');
    assert.equal(errors.callCount(), 1);
    assert.match(String(errors.calls[0]!.arguments[0]), /translations\.lang is "pt BR".*such as "en-GB"/);
    assert.equal(new Localizer({ lang: 'pt-br' }).lang, 'pt-BR');
  });

  test('may be written with underscores: numbers and dates are of that language too', () => {
    const localizer = new Localizer({ lang: 'de_DE' });
    assert.equal(localizer.lang, 'de-DE');
    assert.equal(localizer.number(1234.5), '1.234,5');
  });
});

describe('a time zone', () => {
  const at = Date.UTC(2026, 0, 12, 23, 30, 5);

  test('is that of every date and time', () => {
    const [tokyo, denver] = ['Asia/Tokyo', 'America/Denver'].map((zone) => localizerOf({ lang: 'en-GB' }, zone));
    assert.equal(tokyo!.dateTime(at), '13 Jan 2026, 08:30:05');
    assert.equal(denver!.dateTime(at), '12 Jan 2026, 16:30:05');
    assert.equal(denver!.clock(at), '16:30');
    assert.equal(denver!.timeOfDay(at), '16:30:05');
  });

  test('decides what today is', (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 13, 1) });
    assert.equal(localizerOf({ lang: 'en-GB' }, 'Asia/Tokyo').time(at), '08:30:05');
    assert.equal(localizerOf({ lang: 'en-GB' }, 'Europe/London').time(at), '12 Jan 2026, 23:30:05');
  });

  test('that does not exist is reported once; the browser’s is used', (t) => {
    const errors = t.mock.method(console, 'error', () => {}).mock;
    const table = { lang: 'en' };
    assert.equal(localizerOf(table, 'Mars/Olympus').dateTime(at), english.dateTime(at));
    localizerOf(table, 'Mars/Olympus');
    assert.equal(errors.callCount(), 1);
    assert.match(String(errors.calls[0]!.arguments[0]), /"Mars\/Olympus".*such as "Europe\/Berlin"/);
  });
});

describe('the direction', () => {
  test('follows the script of the language', () => {
    const directions = ['ar', 'ar-EG', 'he', 'fa', 'ur', 'de', 'ja', 'az-Arab', 'az'].map(
      (lang) => new Localizer({ lang }).direction,
    );
    assert.deepEqual(directions, ['rtl', 'rtl', 'rtl', 'rtl', 'rtl', 'ltr', 'ltr', 'rtl', 'ltr']);
  });
});

describe('lists, numbers and times', () => {
  test('an approximate age: “just now” for the first minute, then in units', () => {
    assert.deepEqual(
      [0, 59_999, 60_000, 7_200_000].map((age) => english.roughlyAgo(age)),
      ['just now', 'just now', '1 minute ago', '2 hours ago'],
    );
  });
  test('lists are joined as in the language', () => {
    assert.equal(english.list(['a', 'b', 'c']), 'a, b, and c');
    assert.equal(new Localizer({ lang: 'de' }).list(['a', 'b', 'c']), 'a, b und c');
    assert.equal(english.list([]), '');
  });

  test('ages are never in the future, and in one unit', () => {
    const ages = [-5000, 0, 9400, 10_000, 59_400, 60_000, 3_599_000, 3_600_000, 86_400_000, 90 * 86_400_000];
    assert.deepEqual(
      ages.map((age) => english.ago(age)),
      [
        'just now',
        'just now',
        'just now',
        '10 seconds ago',
        '59 seconds ago',
        '1 minute ago',
        '59 minutes ago',
        '1 hour ago',
        '1 day ago',
        '90 days ago',
      ],
    );
  });

  test('a time until is at least a second', () => {
    assert.deepEqual(
      [-10, 0, 1200, 59_000, 90_000].map((ms) => english.ahead(ms)),
      ['in 1 second', 'in 1 second', 'in 2 seconds', 'in 59 seconds', 'in 2 minutes'],
    );
  });

  test('a time of day has seconds', () => {
    assert.match(english.time(Date.UTC(2026, 0, 12, 9, 30, 5)), /30:05/);
    assert.match(english.dateTime(Date.UTC(2026, 0, 12, 9, 30, 5)), /2026.*30:05/);
  });
});
