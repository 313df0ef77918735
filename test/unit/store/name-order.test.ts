/** The order of many names: the fast comparison agrees with the collator. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareNames, nameComparison } from '../../../src/store/data/row-order.ts';
import { randomSource } from '../../support/random-source.ts';
import { SEED } from '../../support/seed.ts';

const ALPHABETS = {
  'letters, digits and blanks': [...'aAbBzZ0019  x7'],
  'long numbers': ['a', '0', '00000', '1'.repeat(120), '9'.repeat(130), ' '],
  'letters of other scripts, accents and signs too': [...'aA1 éÉßñ-–_.Жж山田0'],
};

describe('names are compared as by the collator', () => {
  for (const [what, alphabet] of Object.entries(ALPHABETS))
    test(what, () => {
      const chance = randomSource(SEED);
      const pick = (): string => alphabet[Math.floor(chance() * alphabet.length)]!;
      for (let round = 0; round < 200; round++) {
        const names = Array.from({ length: 30 }, () => Array.from({ length: Math.floor(chance() * 8) }, pick).join(''));
        const compare = nameComparison(names);
        for (const [a, one] of names.entries())
          for (const [b, other] of names.entries())
            assert.equal(
              Math.sign(compare(a, b)),
              Math.sign(compareNames(one, other)),
              `${JSON.stringify(one)}, ${JSON.stringify(other)}`,
            );
      }
    });
});
