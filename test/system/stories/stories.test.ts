/**
 * Every story of the built Storybook is a test: it renders, its play function passes, nothing else throws, and axe
 * finds no violation. Run `npm run build-storybook` first.
 */
import { pause } from '../../support/until.ts';

interface Entry {
  id: string;
  type: 'story' | 'docs';
  title: string;
  name: string;
}
interface Violation {
  id: string;
  help: string;
  nodes: { html: string; target: unknown[]; failureSummary?: string }[];
}
interface Finished {
  storyId: string;
  status: string;
  reporters: { type: string; status: string; result?: { violations?: Violation[]; error?: unknown } }[];
}
interface Channel {
  last(event: string): unknown[] | undefined;
}
type StoryWindow = Window & { __STORYBOOK_ADDONS_CHANNEL__?: Channel };

const root = '/storybook-static/';
const answer = await fetch(`${root}index.json`);
if (!answer.ok) throw new Error('There is no built Storybook to test. Run `npm run build-storybook` first.');
const { entries } = (await answer.json()) as { entries: Record<string, Entry> };

// `storyFinished` alone reports "success" even after a play function threw.
const failures = [
  'playFunctionThrewException',
  'unhandledErrorsWhilePlaying',
  'storyThrewException',
  'storyErrored',
  'storyMissing',
  'configError',
];

// The mock worker stops with the last page that uses it, and a story that opens at that moment would not find it.
const keeper = document.createElement('iframe');
before(() => {
  keeper.hidden = true;
  keeper.src = `${root}index.json`;
  document.body.append(keeper);
});
after(() => keeper.remove());

/** A story that takes longer than this (ms) hangs. */
const STUCK_MS = 120_000;

let frame: HTMLIFrameElement | undefined;
afterEach(() => frame?.remove());

for (const { id, type, title, name } of Object.values(entries)) {
  it(`${title}: ${name}`, async function () {
    this.timeout(150_000);
    const problems: string[] = [];
    const page = open(id, type);
    const finished = await settled(page, type === 'story' ? 'storyFinished' : 'docsRendered', problems);
    problems.push(...accessibility(finished as Finished | undefined, type));
    if (problems.length > 0) throw new Error([...new Set(problems)].join('\n\n'));
    if (type === 'story' && !page().document.querySelector('#storybook-root')?.hasChildNodes())
      throw new Error('It shows nothing.');
  });
}

/** Opens a story. @returns a function that gives its window, which is replaced when the page loads */
function open(id: string, type: string): () => StoryWindow {
  const made = document.createElement('iframe');
  made.width = '1200';
  made.height = '800';
  made.src = `${root}iframe.html?id=${encodeURIComponent(id)}&viewMode=${type}`;
  document.body.append((frame = made));
  return () => made.contentWindow as StoryWindow;
}

/** Waits until the story passes or fails. Asks repeatedly, because the channel appears late and may be replaced. */
async function settled(page: () => StoryWindow, done: string, problems: string[]): Promise<unknown> {
  let watched: unknown;
  let loads = 0;
  const begin = performance.now();
  for (;;) {
    await pause(20);
    const { __STORYBOOK_ADDONS_CHANNEL__: channel, document: current } = page();
    if (watched !== current && page().location.href !== 'about:blank') {
      watched = current;
      loads++;
      page().addEventListener('error', (event) =>
        problems.push(`uncaught: ${formatError(event.error ?? event.message)}`),
      );
      page().addEventListener('unhandledrejection', (event) =>
        problems.push(`unhandled rejection: ${formatError(event.reason)}`),
      );
    }
    if (performance.now() - begin > STUCK_MS) {
      const phase = channel ? formatError(channel.last('storyRenderPhaseChanged')?.[0]) : 'no channel';
      const controller = page().navigator.serviceWorker.controller?.state ?? 'none';
      problems.push(`It does not finish: loaded ${loads} times, mock worker ${controller}, ${phase}`);
      return undefined;
    }
    if (!channel || ![done, ...failures].some((event) => channel.last(event))) continue;
    await pause(50); // The last error is reported later.
    for (const event of failures) {
      const args = channel.last(event);
      if (args) problems.push(`${event}: ${formatError(args[0])}`);
    }
    return channel.last(done)?.[0];
  }
}

function accessibility(finished: Finished | undefined, type: string): string[] {
  if (!finished || type !== 'story') return [];
  const report = finished.reporters.find((reporter) => reporter.type === 'a11y');
  if (!report) return ['axe did not run'];
  if (report.result?.error) return [`axe failed: ${formatError(report.result.error)}`];
  return (report.result?.violations ?? []).map(
    ({ id, help, nodes }) =>
      `axe ${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary ?? ''}`).join('\n')}`,
  );
}

/** Errors of another window are not `instanceof Error` here. */
function formatError(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatError).join('\n');
  const { name, message, stack, description } = (value ?? {}) as Record<string, string | undefined>;
  return stack ?? description ?? (message ? `${name}: ${message}` : JSON.stringify(value));
}
