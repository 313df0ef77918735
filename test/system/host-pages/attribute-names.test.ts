import { expect } from '@open-wc/testing';
import { attributesOf, everyElement, propertiesOf } from '../../support/elements/every-element.ts';

/** The values that an attribute accepts besides its default; any other attribute accepts any text. */
const values: Readonly<Record<string, string>> = {
  announce: 'all',
  at: '2026-03-01T12:00:00Z',
  density: 'compact',
  emphasis: 'solid',
  'heading-level': '4',
  level: 'error',
  'stale-since': '2026-03-01T12:00:00Z',
  'stuck-since': '2026-03-01T12:00:00Z',
};

describe('a framework that assigns properties by attribute name', () => {
  for (const element of everyElement)
    for (const { name, boolean } of attributesOf(element))
      it(`sets ${name} of ${element} like the attribute`, () => {
        const byAttribute = document.createElement(element);
        byAttribute.setAttribute(name, boolean ? '' : (values[name] ?? 'spring'));
        const byFramework = document.createElement(element);
        // As React 19 and Preact do it.
        if (name in byFramework) Object.assign(byFramework, { [name]: boolean || (values[name] ?? 'spring') });
        else byFramework.setAttribute(name, boolean ? '' : (values[name] ?? 'spring'));
        expect(propertiesOf(byFramework)).to.deep.equal(propertiesOf(byAttribute));
        expect(propertiesOf(byFramework), 'more than the defaults').not.to.deep.equal(
          propertiesOf(document.createElement(element)),
        );
      });
});

describe('a framework that writes a boolean as text', () => {
  for (const element of everyElement)
    for (const { name, boolean } of attributesOf(element))
      if (boolean)
        it(`takes ${name} of ${element} away with "false", as React 18, Vue and Svelte write it`, () => {
          const made = document.createElement(element);
          made.setAttribute(name, 'true');
          expect(propertiesOf(made)).not.to.deep.equal(propertiesOf(document.createElement(element)));
          made.setAttribute(name, 'false');
          expect(made.hasAttribute(name)).to.be.false;
          expect(propertiesOf(made)).to.deep.equal(propertiesOf(document.createElement(element)));
        });
});
