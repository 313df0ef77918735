/**
 * What some engines lack, and the tests that need it. fail-on-warnings.ts reports such a test as not run;
 * docs/browsers.md lists them. Each is found by asking the engine, so that a test runs as soon as the engine can.
 */
export interface EngineLimit {
  readonly lacks: string;
  /** True in an engine that lacks it. */
  isLacking(): boolean;
  /** What the kit does there, for the docs. */
  readonly instead: string;
  /** The names of the tests, by file. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

export const engineLimits: readonly EngineLimit[] = [
  {
    lacks: '`moveBefore`',
    isLacking: () => !('moveBefore' in Element.prototype),
    instead: 'A row that moves is inserted again: a popup that is open in it closes.',
    tests: {
      'campaign-list.test.ts': ['keeps a popup open while its row moves'],
      'campaign-provider.test.ts': [
        'a consumer that moves with its provider stays as it is, but not under another provider or in another tree',
      ],
    },
  },
  {
    lacks: '`referenceTarget`',
    isLacking: () => !('referenceTarget' in ShadowRoot.prototype),
    instead: 'A `<label>` of the page does not name an element of the kit. Every element names itself.',
    tests: { 'campaign-status-tag.test.ts': ['can be labelled by a label of the page, where the browser supports it'] },
  },
  {
    lacks: 'streams that can be sent to a worker',
    isLacking: () => !canTransferStreams(),
    instead:
      'Only the mocks need them: Mock Service Worker can’t answer with a feed that stays open. Use `simulatedAdapter`, or a real backend.',
    tests: {
      'readme.test.ts': [
        'shows a list in its first lines',
        'shows a list, a header and a guide of the backend that it names',
      ],
      'wire-your-backend.test.ts': ['shows the campaigns of the backend that it names'],
    },
  },
  {
    lacks: 'a screen that is drawn fast enough for thousands of frames',
    isLacking: () => isWebKit(),
    instead: 'The same as elsewhere. The virtual screen of the tests has no graphics hardware.',
    tests: {
      'campaign-list-rows.test.ts': [
        'renders a bounded number of rows, and at rest numbers them in the order of the document',
        'shows every row in view with name and tag in each frame of a scroll',
        'shows a changed order at most four times a second, and the contents of rows at once',
      ],
      'campaign-log.test.ts': [
        'reaches every line by small steps, in order and without a jump',
        'stays responsive at a thousand lines a second',
      ],
    },
  },
];

/** What this engine lacks for a test, if anything. */
export function lackFor(test: string): string | undefined {
  return engineLimits.find(({ isLacking, tests }) => Object.values(tests).flat().includes(test) && isLacking())?.lacks;
}

/** True in WebKit; Chromium's user agent has the same word. */
const isWebKit = (): boolean => /AppleWebKit/.test(navigator.userAgent) && !/Chrom/.test(navigator.userAgent);

function canTransferStreams(): boolean {
  const { port1, port2 } = new MessageChannel();
  const stream = new ReadableStream();
  try {
    port1.postMessage(stream, [stream]);
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
    port2.close();
  }
}
