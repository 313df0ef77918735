/**
 * The documentation pages of the built Storybook: every element has the same sections and shows all its states, every
 * design token and every text is listed once, no link is dead, nothing is wider than a phone, and axe finds nothing. The
 * list of stories begins with Welcome. Run `npm run build-storybook` first.
 */
import { expect } from '@open-wc/testing';
import type { AxeResults, run } from 'axe-core';
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

/** What axe finds on a page. Its samples show one element several times, so landmarks have the same names. */
async function violations(page: Document): Promise<string[]> {
  const script = page.createElement('script');
  script.src = '/node_modules/axe-core/axe.min.js';
  const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
  page.head.append(script);
  await loaded;
  const { axe } = page.defaultView as unknown as { axe: { run: typeof run } };
  const found: AxeResults = await axe.run('#storybook-docs', {
    resultTypes: ['violations'],
    rules: { 'landmark-unique': { enabled: false } },
  });
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Links to nothing on a page. Those of samples are a host's. */
const deadLinks = (page: Document): string[] =>
  all<HTMLAnchorElement>(page, '#storybook-docs a, a[target=_top]')
    .filter((link) => {
      const href = link.getAttribute('href') ?? '';
      if (link.getRootNode() !== page && link.closest('.stage')) return false;
      if (href.startsWith('http')) return false;
      if (href.startsWith('#')) return !page.getElementById(decodeURIComponent(href.slice(1)));
      return !entries[/^(?:(?:\.\/)?\?path=\/(?:docs|story)\/|iframe\.html\?id=)([\w-]+)$/.exec(href)?.[1] ?? ''];
    })
    .map((link) => `${textOf(link)}: ${link.getAttribute('href')}`);

const listedTokens: string[] = [];
const listedTexts: string[] = [];

for (const { id, title } of docs)
  describe(`the page ${title}`, () => {
    let page: Document;
    before(async function () {
      this.timeout(150_000);
      page = await open(id);
    });
    after(() => frame?.remove());

    if (title.startsWith('Foundations/'))
      it('says of each token what it is used for', () => {
        for (const row of all(page, '[data-token]')) {
          listedTokens.push(row.dataset['token']!);
          expect(textOf(row.querySelector('.use')!), row.dataset['token']).to.match(/^[A-Z].{3,}\.$/);
        }
      });

    const tagName = elements[id];
    if (tagName) {
      it('has all sections in the one order', () => {
        listedTexts.push(...all(page, '[data-key]').map(({ dataset }) => dataset['key']!));
        expect(
          [...page.querySelectorAll('#storybook-docs h2')].map(textOf).filter((text) => text !== 'On this page'),
        ).to.deep.equal(SECTIONS);
      });

      it('shows every state, or leads to it', () => {
        const stories = Object.values(entries).filter((entry) => entry.type === 'story' && entry.title === title);
        const links = all<HTMLAnchorElement>(page, 'a').map(({ href }) => href);
        const missing = stories.filter(
          (story) =>
            !page.getElementById(`story--${story.id}`) && !links.some((href) => href.endsWith(`/story/${story.id}`)),
        );
        expect(missing.map((story) => story.id)).to.deep.equal([]);
      });

      it('names every part', async () => {
        const { modules } = await read<{ modules: { declarations?: Declaration[] }[] }>('/custom-elements.json');
        const { cssParts = [] } = modules
          .flatMap(({ declarations = [] }) => declarations)
          .find((one) => one.tagName === tagName)!;
        expect(all(page, '[data-part]').map(({ dataset }) => dataset['part'])).to.deep.equal(
          cssParts.map(({ name }) => name),
        );
      });

      it('shows what to do, and what not', () => {
        expect(page.querySelector('story-pair [slot=dont-text]')).to.exist;
      });
    }

    it('has no dead link', () => {
      expect(deadLinks(page)).to.deep.equal([]);
    });

    it('has nothing that axe finds', async () => {
      expect(await violations(page)).to.deep.equal([]);
    });

    it('fits into 420 px', async () => {
      frame!.width = '420';
      const { documentElement } = page;
      await until(
        () => documentElement.scrollWidth === 420,
        () => `the page is 420 px wide; it is ${documentElement.scrollWidth} px wide`,
        10_000,
      );
    });
  });

// After the pages, which fill the lists.
describe('the pages together', () => {
  it('list every design token exactly once', async () => {
    const files = await Promise.all(
      ['base', 'light', 'dark'].map((name) => read<Tokens>(`/tokens/${name}.tokens.json`)),
    );
    expect(sorted(listedTokens)).to.deep.equal(sorted(new Set(files.flatMap((file) => tokenNames(file)))));
  });

  it('list every text exactly once', () => {
    const shown = Object.keys(en).filter((key) => !key.startsWith('inspector.'));
    expect(sorted(listedTexts)).to.deep.equal(sorted(shown));
  });

  it('come first among the stories of their elements', () => {
    for (const page of Object.keys(elements)) {
      const { title } = entries[page]!;
      expect(Object.values(entries).find((entry) => entry.title === title)!.id).to.equal(page);
    }
  });
});

describe('the list of stories', () => {
  it('begins with Welcome, and ends with what is for developers', () => {
    const headings = [...new Set(Object.values(entries).map(({ title }) => title.split('/')[0]))];
    expect(headings).to.deep.equal([
      'Welcome',
      'Lifecycle',
      'Scenarios',
      'Other engines',
      'Foundations',
      'Bring your brand',
      'Themes',
      'Elements',
      'For developers',
    ]);
  });

  it('opens Lifecycle first', async function () {
    this.timeout(150_000);
    frame = document.createElement('iframe');
    frame.src = root;
    document.body.append(frame);
    await until(
      () => frame?.contentWindow?.location.search.includes('path=/story/lifecycle--flows-and-python'),
      'the address of Lifecycle',
    );
    frame.remove();
  });
});
