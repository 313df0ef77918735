/** Gives each story a simulated backend of its own, reached over HTTP through the mock worker. */
import { getResponse } from 'msw';
import { http, type HttpHandler } from 'msw/http';
import { handlers } from '../../mocks/handlers.ts';
import { simulateBackend, type SimulatedBackend, type SimulateOptions } from '../../mocks/index.ts';
import { createCampaignStore, httpAdapter, type CampaignStore, type StoreOptions } from '../../src/index.ts';
import { worker } from './msw.ts';

/** The backend of one story, and the address at which its provider finds it. */
export interface StoryBackend {
  readonly backend: SimulatedBackend;
  readonly src: string;
  /** A store with other timeouts than the provider's own, over the same address. Made once; gone with the story. */
  store(options?: Omit<StoreOptions, 'adapter'>): CampaignStore;
}

/** What a story says about its backend. */
export interface StoryBackendOptions extends SimulateOptions {
  /** Sets the scene before anything is read. */
  readonly prepare?: (backend: SimulatedBackend) => void;
}

/** As much of a story's context as is needed here. */
interface StoryContext {
  readonly id: string;
  readonly parameters: Record<string, unknown>;
  readonly globals: Record<string, unknown>;
}

interface OpenStoryBackend extends StoryBackend {
  readonly handlers: readonly HttpHandler[];
  dispose(): void;
}

/** With the global `still` nothing comes by itself: a picture must not depend on how long it takes. */
const STILL_OPTIONS: SimulateOptions = { heartbeatMs: 600_000, tickMs: 0 };

const openBackends = new Map<string, OpenStoryBackend>();
let listening = false;

/** `parameters: stage({ … })` in a story or a meta. A function, because Storybook would take an object apart and merge it. */
export function withBackend(options: StoryBackendOptions): { storyBackend: () => StoryBackendOptions } {
  return { storyBackend: () => options };
}

/** `beforeEach` of a meta: opens the story's backend, and closes it when the story goes away. */
export function openBackend({ id, parameters, globals }: StoryContext): () => void {
  listen();
  if (!openBackends.has(id)) {
    const { prepare, ...options } = (parameters['storyBackend'] as (() => StoryBackendOptions) | undefined)?.() ?? {};
    // Quick enough to watch, slow enough to see it happen. Nothing here depends on chance: the seed is fixed.
    const backend = simulateBackend({ processingMs: 800, ...(globals['still'] === true && STILL_OPTIONS), ...options });
    prepare?.(backend);
    // Relative to the page, so that a built Storybook works below any path.
    const src = new URL(`sim/${id}`, document.baseURI).href;
    let store: CampaignStore | undefined;
    openBackends.set(id, {
      backend,
      src,
      handlers: handlers(backend, { baseUrl: src }),
      store: (more) => (store ??= createCampaignStore({ adapter: httpAdapter({ src }), ...more })),
      dispose: () => {
        store?.dispose();
        backend.dispose();
      },
    });
  }
  return () => closeBackend(id);
}

/** The stage of a story, for its `render` and `play`. */
export function backendOf({ id }: Pick<StoryContext, 'id'>): StoryBackend {
  const found = openBackends.get(id);
  if (!found) throw new Error(`The story "${id}" has no stage: give its meta \`beforeEach: openStage\`.`);
  return found;
}

function closeBackend(id: string): void {
  const closing = openBackends.get(id);
  if (!closing) return;
  openBackends.delete(id);
  // A provider keeps its store for a while after it has left the page. Here nobody will answer it any more.
  for (const provider of document.querySelectorAll('campaign-provider'))
    if (provider.src === closing.src) provider.currentStore?.dispose();
  closing.dispose();
}

/** One handler for all stages: it hands each request to the backend that its address names. */
function listen(): void {
  if (listening) return;
  listening = true;
  worker.use(
    http.all('*', async ({ request }) => {
      for (const { src, handlers: own } of openBackends.values())
        if (request.url.startsWith(`${src}/`)) return (await getResponse([...own], request)) ?? undefined;
      return undefined;
    }),
  );
}
