/** Creates a simulated backend per story, served over HTTP by the mock worker. */
import { http } from 'msw/http';
import { requestHandler, simulateBackend, type SimulatedBackend, type SimulateOptions } from '../../mocks/index.ts';
import { createCampaignStore, httpAdapter, type CampaignStore, type StoreOptions } from '../../src/index.ts';
import { worker } from './msw.ts';

/** The backend of one story, and the address at which its provider finds it. */
export interface StoryBackend {
  readonly backend: SimulatedBackend;
  readonly src: string;
  /** A store with other timeouts than the provider’s, at the same address. Created once, disposed of with the story. */
  store(options?: Omit<StoreOptions, 'adapter'>): CampaignStore;
}

/** Options of a story’s backend. */
export interface StoryBackendOptions extends SimulateOptions {
  /** Prepares the backend before anything is read. */
  readonly prepare?: (backend: SimulatedBackend) => void;
}

/** As much of a story's context as is needed here. */
interface StoryContext {
  readonly id: string;
  readonly parameters: Record<string, unknown>;
  readonly globals: Record<string, unknown>;
}

interface OpenStoryBackend extends StoryBackend {
  respond(request: Request): Promise<Response | undefined>;
  dispose(): void;
}

/** With the global `still` nothing changes by itself, so that a picture does not depend on timing. */
const STILL_OPTIONS: SimulateOptions = { heartbeatMs: 600_000, still: true };

const openBackends = new Map<string, OpenStoryBackend>();
let listening = false;

/**
 * `parameters: withBackend({ … })` in a story or a meta. A function, because Storybook would merge the parts of an
 * object.
 */
export function withBackend(options: StoryBackendOptions): { storyBackend: () => StoryBackendOptions } {
  return { storyBackend: () => options };
}

/** `beforeEach` of a meta: opens the story's backend, and closes it when the story goes away. */
export function openBackend({ id, parameters, globals }: StoryContext): () => void {
  listen();
  if (!openBackends.has(id)) {
    const { prepare, ...options } = (parameters['storyBackend'] as (() => StoryBackendOptions) | undefined)?.() ?? {};
    // Slow enough to be seen. The seed is fixed, so the story is deterministic.
    const backend = simulateBackend({ processingMs: 800, ...(globals['still'] === true && STILL_OPTIONS), ...options });
    prepare?.(backend);
    // Relative to the page, so that a built Storybook works below any path.
    const src = new URL(`sim/${id}`, document.baseURI).href;
    let store: CampaignStore | undefined;
    openBackends.set(id, {
      backend,
      src,
      respond: requestHandler(backend, { baseUrl: src }),
      store: (more) => (store ??= createCampaignStore({ adapter: httpAdapter({ src }), ...more })),
      dispose: () => {
        store?.dispose();
        backend.dispose();
      },
    });
  }
  return () => closeBackend(id);
}

/** The backend of a story, for its `render` and `play`. */
export function backendOf({ id }: Pick<StoryContext, 'id'>): StoryBackend {
  const found = openBackends.get(id);
  if (!found) throw new Error(`The story "${id}" has no backend: give its meta \`beforeEach: openBackend\`.`);
  return found;
}

function closeBackend(id: string): void {
  const closing = openBackends.get(id);
  if (!closing) return;
  openBackends.delete(id);
  // A provider keeps its store for a grace period after it is removed. The story’s backend no longer answers it.
  for (const provider of document.querySelectorAll('campaign-provider'))
    if (provider.src === closing.src) provider.currentStore?.dispose();
  closing.dispose();
}

/** Installs one handler for all stories, which passes each request to the backend of its address. */
function listen(): void {
  if (listening) return;
  listening = true;
  worker.use(
    http.all('*', async ({ request }) => {
      for (const { src, respond } of openBackends.values())
        if (request.url.startsWith(`${src}/`)) return respond(request);
      return undefined;
    }),
  );
}
