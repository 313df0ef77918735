/**
 * The documentation pages of the built Storybook: every element has the same sections and shows all its states, every
 * design token and every text is listed once, and no link is dead. Run `npm run build-storybook` first.
 */
import { expect } from '@open-wc/testing';
import { en } from '../../../src/i18n/index.ts';
import { until } from '../../support/until.ts';

interface Entry {
  readonly id: string;
  readonly type: 'story' | 'docs';
  readonly title: string;
  readonly tags: readonly string[];
}
interface Declaration {
  readonly tagName?: string;
  readonly cssParts?: readonly { readonly name: string }[];
}
interface Tokens {
  readonly [name: string]: unknown;
}

const SECTIONS = [
  'What it is for, and when not',
  'Anatomy',
  'All states',
  'Words',
  'Behaviour',
  'Accessibility',
  'Styling',
  'API',
  'In your framework',
  'In your tests',
  'Size and cost',
];

/** By their pages. `campaign-inspector` is for developers, and has no design to be described. */
const elements: Readonly<Record<string, string>> = {
  'elements-status-tag--docs': 'campaign-status-tag',
  'elements-action-button--docs': 'campaign-action-button',
  'elements-list--docs': 'campaign-list',
  'elements-header--docs': 'campaign-header',
  'elements-recovery-guide--docs': 'recovery-guide',
  'elements-log--docs': 'campaign-log',
  'elements-provider--docs': 'campaign-provider',
};

const root = '/storybook-static/';
const read = async <T>(path: string): Promise<T> => (await fetch(path)).json() as Promise<T>;
const { entries } = await read<{ entries: Record<string, Entry> }>(`${root}index.json`);
const docs = Object.values(entries).filter(({ type }) => type === 'docs');
const sorted = (names: Iterable<string>): string[] => [...names].sort();

let frame: HTMLIFrameElement | undefined;
afterEach(() => frame?.remove());

/** Opens a documentation page, and waits until it is drawn. */
async function open(id: string): Promise<Document> {
  const made = document.createElement('iframe');
  made.width = '1200';
  made.height = '800';
  made.src = `${root}iframe.html?id=${id}&viewMode=docs`;
  document.body.append((frame = made));
  await until(() => made.contentDocument?.querySelector('#storybook-docs h1'), `the page ${id}`, 60_000);
  const page = made.contentDocument!;
  for (const element of generated(page)) await element.updateComplete;
  return page;
}

/** The sections of a page that are made from sources. */
const generated = (page: Document): (HTMLElement & { updateComplete: Promise<unknown> })[] => [
  ...page.querySelectorAll<HTMLElement & { updateComplete: Promise<unknown> }>(
    'story-token-list, story-anatomy, story-words, story-styling, story-api, story-size, story-tested, story-pair',
  ),
];

/** Elements of a page, and of its generated sections. */
const all = <E extends HTMLElement>(page: Document, selector: string): E[] =>
  [page, ...generated(page).map(({ shadowRoot }) => shadowRoot!)].flatMap((place) => [
    ...place.querySelectorAll<E>(selector),
  ]);

const textOf = (element: Element): string => element.textContent.trim();

/** The names of the tokens in a file, such as `tone.gray.bg`. */
function tokenNames(group: Tokens, path: readonly string[] = []): string[] {
  return Object.entries(group).flatMap(([name, inside]) => {
    if (name.startsWith('$')) return [];
    const here = [...path, name];
    const values = inside as Tokens;
    return '$value' in values ? [here.join('.')] : tokenNames(values, here);
  });
}

describe('Foundations', () => {
  it('list every design token exactly once, with its use', async function () {
    this.timeout(150_000);
    const files = await Promise.all(
      ['base', 'light', 'dark'].map((name) => read<Tokens>(`/tokens/${name}.tokens.json`)),
    );
    const listed: string[] = [];
    for (const { id } of docs.filter(({ title }) => title.startsWith('Foundations/')))
      for (const row of all(await open(id), '[data-token]')) {
        listed.push(row.dataset['token']!);
        expect(textOf(row.querySelector('.use')!), row.dataset['token']).to.match(/^[A-Z].{3,}\.$/);
        frame?.remove();
      }
    expect(sorted(listed)).to.deep.equal(sorted(new Set(files.flatMap((file) => tokenNames(file)))));
  });
});

describe('the pages of the elements', () => {
  const texts: string[] = [];

  it('come first among the stories of their elements', () => {
    for (const page of Object.keys(elements)) {
      const { title } = entries[page]!;
      expect(Object.values(entries).find((entry) => entry.title === title)!.id).to.equal(page);
    }
  });

  for (const [id, tagName] of Object.entries(elements))
    it(`${tagName}: has all sections in the one order, its states and its parts`, async function () {
      this.timeout(150_000);
      const page = await open(id);
      texts.push(...all(page, '[data-key]').map(({ dataset }) => dataset['key']!));
      expect(
        [...page.querySelectorAll('#storybook-docs h2')].map(textOf).filter((text) => text !== 'On this page'),
      ).to.deep.equal(SECTIONS);

      const stories = Object.values(entries).filter(
        ({ title, type }) => type === 'story' && title === entries[id]!.title,
      );
      const links = all<HTMLAnchorElement>(page, 'a').map(({ href }) => href);
      const missing = stories.filter(
        (story) =>
          !page.getElementById(`story--${story.id}`) && !links.some((href) => href.endsWith(`/story/${story.id}`)),
      );
      expect(missing.map((story) => story.id)).to.deep.equal([]);

      const { modules } = await read<{ modules: { declarations?: Declaration[] }[] }>('/custom-elements.json');
      const { cssParts = [] } = modules
        .flatMap(({ declarations = [] }) => declarations)
        .find((one) => one.tagName === tagName)!;
      expect(all(page, '[data-part]').map(({ dataset }) => dataset['part'])).to.deep.equal(
        cssParts.map(({ name }) => name),
      );
    });

  it('list every text exactly once', () => {
    const shown = Object.keys(en).filter((key) => !key.startsWith('inspector.'));
    expect(sorted(texts)).to.deep.equal(sorted(shown));
  });
});

describe('links', () => {
  for (const { id, title } of docs)
    it(`none is dead on “${title}”`, async function () {
      this.timeout(150_000);
      const page = await open(id);
      const dead = all<HTMLAnchorElement>(page, '#storybook-docs a, a[target=_top]').filter((link) => {
        const href = link.getAttribute('href') ?? '';
        if (link.getRootNode() !== page && link.closest('.stage')) return false; // of a sample
        if (href.startsWith('http')) return false;
        if (href.startsWith('#')) return !page.getElementById(decodeURIComponent(href.slice(1)));
        return !entries[/^(?:(?:\.\/)?\?path=\/(?:docs|story)\/|iframe\.html\?id=)([\w-]+)$/.exec(href)?.[1] ?? ''];
      });
      expect(dead.map((link) => `${textOf(link)}: ${link.getAttribute('href')}`)).to.deep.equal([]);
    });
});
