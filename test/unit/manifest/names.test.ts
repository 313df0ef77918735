import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { CustomElement, Package } from 'custom-elements-manifest/schema.d.ts';

const manifest = JSON.parse(readFileSync(new URL('../../../custom-elements.json', import.meta.url), 'utf8')) as Package;
const elements = manifest.modules.flatMap(({ declarations }) => (declarations ?? []) as CustomElement[]);

/** What a framework takes for itself, so that it never reaches the element. */
const TAKEN = ['ref', 'key', 'slot', 'style', 'children', 'class', 'className', 'is', 'use', 'bind'];

describe('the public names of the elements', () => {
  for (const { tagName = '', attributes = [], members = [] } of elements) {
    it(`${tagName}: none is a name that a framework takes for itself`, () => {
      const names = [...attributes, ...members].map(({ name }) => name);
      assert.deepEqual(
        names.filter((name) => TAKEN.includes(name)),
        [],
      );
    });

    it(`${tagName}: each attribute has the name of its property, with hyphens`, () => {
      for (const { name, fieldName = '' } of attributes) {
        assert.equal(
          name,
          fieldName.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        );
        assert.ok(
          members.some((member) => member.name === fieldName),
          fieldName,
        );
      }
    });
  }
});
