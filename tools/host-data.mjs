// What frameworks and editors know about the elements, made from custom-elements.json: the table of types that frameworks/*.d.ts
// read, custom data of VS Code, and web-types of JetBrains. With --check it writes nothing, and fails when one of them is stale.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeGenerated } from './generated.mjs';
import { root } from './tally.mjs';

/** @typedef {import('custom-elements-manifest/schema.d.ts').CustomElement} Declaration */

const { name: kit, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** @type {import('custom-elements-manifest/schema.d.ts').Package} */
const manifest = JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8'));
const elements = manifest.modules
  .flatMap(({ declarations = [] }) => /** @type {Declaration[]} */ (declarations))
  .map((declaration) => ({
    tag: declaration.tagName ?? '',
    className: declaration.name,
    description: declaration.description,
    attributes: (declaration.attributes ?? []).map(({ name, type, description }) => ({
      name,
      type: type?.text,
      description,
    })),
    // What a host can set.
    properties: (declaration.members ?? []).flatMap((member) =>
      member.kind === 'field' && !member.static && !('readonly' in member && member.readonly)
        ? { name: member.name, type: member.type?.text, description: member.description }
        : [],
    ),
    events: (declaration.events ?? []).map(({ name, type, description }) => ({ name, type: type.text, description })),
    slots: (declaration.slots ?? []).map(({ name, description }) => ({ name, description })),
    cssProperties: (declaration.cssProperties ?? []).map(({ name, description }) => ({ name, description })),
  }));

/** The words of a type such as `'a' | 'b'`; none for any other type. @param {string} [type] */
function wordsOf(type = '') {
  const words = type.split('|').map((word) => /^\s*'(.+)'\s*$/.exec(word)?.[1] ?? '');
  return words.every(Boolean) ? words : [];
}

function typeTable() {
  const union = (/** @type {{ name: string }[]} */ named) =>
    named.map(({ name }) => `'${name}'`).join(' | ') || 'never';
  const events = new Map(elements.flatMap(({ events }) => events.map(({ name, type }) => [name, type])));
  const entries = elements.map((element) => {
    // What bubbles through an element that holds a part of the page.
    const around = element.slots.some(({ name }) => name === '');
    const own = around ? [...events.keys()] : element.events.map(({ name }) => name);
    return `
      '${element.tag}': {
        element: ${element.className};
        attributes: ${union(element.attributes)};
        properties: ${union(element.properties)};
        events: ${own.map((name) => `'${name}'`).join(' | ') || 'never'};
      };`;
  });
  const imported = [...elements.map(({ className }) => className), ...events.values()].toSorted();
  return `// Made from custom-elements.json by \`npm run analyze\`.
    import type { ${imported.join(', ')} } from '${kit}';

    /** The element of each tag, the attributes and properties that a host sets, and the events that arrive at it. */
    export interface Elements {${entries.join('')}
    }

    /** The kit's events. */
    export interface Events {
      ${[...events].map(([name, type]) => `'${name}': ${type};`).join('\n')}
    }
  `;
}

function vsCodeData() {
  const tags = elements.map(({ tag, description, attributes }) => ({
    name: tag,
    description,
    attributes: attributes.map(({ name, type, description }) => ({
      name,
      description,
      ...(type === 'boolean' ? { valueSet: 'v' } : {}),
      ...(wordsOf(type).length ? { values: wordsOf(type).map((word) => ({ name: word })) } : {}),
    })),
  }));
  return JSON.stringify({ version: 1.1, tags });
}

function webTypes() {
  const html = elements.map(({ tag, description, attributes, properties, events, slots }) => ({
    name: tag,
    description,
    attributes: attributes.map(({ name, type, description }) => ({ name, description, value: { type } })),
    slots,
    js: { properties, events },
  }));
  const css = new Map(
    elements.flatMap(({ cssProperties }) => cssProperties.map((property) => [property.name, property])),
  );
  return JSON.stringify({
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name: kit,
    version,
    'description-markup': 'markdown',
    contributions: { html: { elements: html }, css: { properties: [...css.values()] } },
  });
}

await writeGenerated(
  {
    'frameworks/elements.d.ts': typeTable(),
    'editors/vscode.html-custom-data.json': vsCodeData(),
    'editors/web-types.json': webTypes(),
  },
  'npm run analyze',
);
