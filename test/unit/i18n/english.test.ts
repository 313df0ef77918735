/** The kit's English texts: every message exists, is complete, and uses its arguments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReasonCode } from '../../../src/store/index.ts';
import { en, english, type MessageKey } from '../../../src/i18n/index.ts';

const messages = Object.entries(en) as [MessageKey, string | Readonly<Record<string, string>>][];
const formsOf = (message: string | Readonly<Record<string, string>>): string[] =>
  typeof message === 'string' ? [message] : Object.values(message);

test('no message is empty, has extra spaces, or an invalid placeholder', () => {
  for (const [key, message] of messages)
    for (const form of formsOf(message)) {
      assert.ok(form.trim() === form && form, key);
      assert.doesNotMatch(form.replace(/\{[a-zA-Z]+\}/g, ''), /[{}]/, key);
      assert.doesNotMatch(form, / {2}|undefined|\[object/, key);
    }
});

test('all plural forms of a message have the same placeholders, count included', () => {
  for (const [key, message] of messages) {
    if (typeof message === 'string') continue;
    const sets = formsOf(message).map((form) =>
      [...form.matchAll(/\{(\w+)\}/g)]
        .map(([, name]) => name)
        .sort()
        .join(),
    );
    assert.equal(new Set(sets).size, 1, key);
    assert.ok(sets[0]!.includes('count'), key);
    assert.ok('one' in message && 'other' in message, key);
  }
});

test('every reason has a message', () => {
  // The compiler keeps this table complete.
  const codes: Record<ReasonCode, true> = {
    missing: true,
    denied: true,
    pending: true,
    illegal: true,
    'unknown-status': true,
    'input-missing': true,
    'input-too-long': true,
    'input-unknown': true,
    offline: true,
    forbidden: true,
    invalid: true,
    gone: true,
    unavailable: true,
    unauthenticated: true,
    throttled: true,
    conflict: true,
    'not-listed': true,
    unconfirmed: true,
  };
  for (const code of Object.keys(codes)) {
    const reason = english.formatIfKnown(`reason.${code}`, { what: 'WHAT' });
    assert.match(reason ?? '', /\.$/, code);
    assert.equal(reason!.includes('WHAT'), code === 'missing' || code === 'pending', code);
  }
});
