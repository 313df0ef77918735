/** Runs the code of the page "Wire your backend", unchanged, against real servers. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { formatReport, type ConformanceReport } from '../../../src/conformance/index.ts';
import type { CampaignRef, CampaignStore, CampaignView } from '../../../src/index.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';
import { event, json, serve, stream, type TestServer } from '../../support/http-server.ts';
import { startRestBackend, type RestBackend } from '../../support/rest-backend.ts';
import { startRestPushBackend } from '../../support/rest-push-backend.ts';
import { record } from '../../support/store-fixture.ts';
import { until } from '../../support/until.ts';

const PAGE = 'docs/wire-your-backend.md';
const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The code of the page, but for what belongs to another backend or is written by `init`. */
const folder = new DocFolder('.wire-your-backend');
const pushedFolder = new DocFolder('.wire-your-backend-pushed');
const initFolder = new DocFolder('.wire-your-backend-init');
const folders = [folder, pushedFolder, initFolder];

/** An example, as `init` writes it. */
async function example(name: string): Promise<string> {
  const code = await readFile(join(root, 'examples/adapters', name), 'utf8');
  return code.replace(/^\/\/ @ts-nocheck.*\n/, '');
}

/** Runs the kit's command in a folder. It must exit with 0. @returns its report */
async function verify(folder: DocFolder, ...args: readonly string[]): Promise<ConformanceReport> {
  const command = [join(root, 'src/conformance/command.ts'), 'verify', ...args, '--json'];
  const options = {
    cwd: folder.path,
    env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', ...command], options).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) =>
      assert.fail(stdout ? formatReport(JSON.parse(stdout) as ConformanceReport) : stderr),
  );
  return JSON.parse(stdout) as ConformanceReport;
}

describe('wire your backend', () => {
  let signedIn: TestServer;
  let rest: RestBackend;
  let pushed: TestServer;
  let store: CampaignStore | undefined;

  before(async () => {
    signedIn = await serve();
    rest = await startRestBackend();
    pushed = await startRestPushBackend();
    const blocks = [...(await codeBlocks(PAGE, 'js')), ...(await codeBlocks(PAGE, 'ts'))];
    const names: string[] = [];
    for (const block of blocks) {
      const [first, name] = /^\/\/ (\S+)\n/.exec(block) ?? assert.fail(`a block without a name: ${block.slice(0, 80)}`);
      // The backend that pushes has an adapter of the same name.
      const isSecond = names.includes(name!);
      names.push(name!);
      await (isSecond ? pushedFolder : folder).write(name!, reached(block));
      if (name !== 'campaigns.js' && name !== 'subject.js') continue;
      const kind = isSecond ? 'list-and-push' : 'list';
      assert.equal(block.slice(first.length), await example(`${kind}/${name}`));
    }
    await pushedFolder.write('subject.js', reached(await example('list-and-push/subject.js')));
    assert.deepEqual(names, [
      ...['store.js', 'campaigns.js', 'page.js', 'campaigns.js', 'node.js', 'nats.js', 'subject.js'],
      'websocket.ts',
    ]);
  });

  /** Code with the addresses of the servers of this test. */
  function reached(code: string): string {
    return code
      .replaceAll('http://127.0.0.1:8787', signedIn.src)
      .replaceAll('http://127.0.0.1:4000', new URL(rest.src).origin)
      .replaceAll('http://127.0.0.1:4100', new URL(pushed.src).origin);
  }

  after(async () => {
    await signedIn.close();
    await rest.close();
    await pushed.close();
    await Promise.all(folders.map((one) => one.remove()));
  });

  afterEach(() => store?.dispose());

  for (const [what, one] of [
    ['the page', folder],
    ['the backend that pushes', pushedFolder],
  ] as const)
    it(`type-checks, the plain JavaScript too: ${what}`, () =>
      one.typeCheck({ noImplicitAny: false, noUnusedParameters: false }));

  it('1. `src`: the page’s element names an address, and a backend there conforms', async () => {
    const [html = '', ...more] = await codeBlocks(PAGE, 'html');
    assert.equal(more.length, 0);
    assert.match(html, /<campaign-provider src="http:\/\/127\.0\.0\.1:8787">/);
    const server: RunningServer = await startServer();
    try {
      const report = await verify(folder, server.url);
      assert.equal(report.readOnly, true);
      assert.equal(report.counts.failed + report.counts.error, 0);
      assert.ok(report.counts.passed > 10);
    } finally {
      await server.close();
    }
  });

  it('2. `httpAdapter`: signs in when told to, once, and continues', async () => {
    const campaign = { id: 'a', name: 'Spring sale', status: 'active', revision: 1 };
    signedIn.handler = ({ url, headers }, response) => {
      if (url === '/api/sign-in') return json(response, 200, { token: 'fresh' });
      if (headers.authorization !== 'Bearer fresh') return json(response, 401, {});
      stream(
        response,
        event({ type: 'open', mode: 'snapshot', heartbeatMs: 60_000 }),
        event({ type: 'page', items: [campaign] }),
        event({ type: 'synced' }),
      );
    };
    ({ store } = await folder.load<{ store: CampaignStore }>('store.js'));
    const flows = record(store.list('flows'));
    const python = record(store.list('python'));
    await until(() => flows.last.complete && python.last.complete);
    assert.equal(store.campaign({ system: 'flows', id: 'a' }).value.name, 'Spring sale');
    assert.equal(signedIn.requests.filter(({ url }) => url === '/api/sign-in').length, 1);
  });

  it('3. `pollingAdapter`: all campaigns, an action that is done, and a conflict', async () => {
    ({ store } = await folder.load<{ store: CampaignStore }>('page.js'));
    rest.backend.campaigns.fill(230, 'flows');
    record(store.list('flows'));
    const all = rest.backend.campaigns.list('flows');
    await until(() => store!.list('flows').value.ids.length === all.length);
    for (const { id, name, status, message, missing } of all) {
      const view: CampaignView = store.campaign(flow(id)).value;
      assert.deepEqual([view.name, view.status, view.message], [name, status, message ?? '']);
      assert.equal(view.action?.disabled?.code, missing?.length && view.status === 'inactive' ? 'missing' : undefined);
    }
    const [first, second] = all.filter(({ status }) => status === 'active').map(({ id }) => flow(id));
    assert.deepEqual(await store.perform(first!, 'stop'), { outcome: 'done' });
    assert.equal(store.campaign(first!).value.status, 'inactive');
    rest.backend.campaigns.force(second!, { status: 'inactive' });
    assert.deepEqual(await store.perform(second!, 'stop'), {
      outcome: 'conflict',
      reason: { code: 'conflict', text: "A campaign that is PAUSED can't be turned PAUSED." },
    });
  });

  it('4. `pollingAdapter` with `listen`: at most forty lines conform to the contract, over lists and events', async () => {
    const [, code = ''] = (await codeBlocks(PAGE, 'js')).filter((block) => block.startsWith('// campaigns.js\n'));
    assert.ok(code.trimEnd().split('\n').length <= 40);
    const { ok, readOnly, counts, results } = await verify(pushedFolder, './subject.js');
    assert.deepEqual([ok, readOnly, counts.failed, counts.warned, counts.error], [true, false, 0, 0, 0]);
    assert.equal(results.find(({ id }) => id === 'change-not-overtaken')!.status, 'passed');
    assert.ok(counts.passed > 40, `${counts.passed} passed`);
  });

  it('5. a custom adapter: the page shows the example that other tests run', async () => {
    const [shown] = await codeBlocks(PAGE, 'ts');
    const example = await readFile(join(root, 'examples/adapters/websocket.ts'), 'utf8');
    const body = (code: string): string => code.replace(/^\/\/.*\n/, '');
    assert.equal(body(shown!), body(example).replace("'../../src/index.ts'", "'campaign-status-kit'"));
  });

  it('5. and 6., in Node 20: WebSocket becomes global, and the NATS adapter tries to connect', async () => {
    await folder.load('node.js');
    assert.equal(typeof WebSocket, 'function');
    ({ store } = await folder.load<{ store: CampaignStore }>('nats.js'));
    const connection = record(store.connection('flows'));
    record(store.list('flows'));
    await until(() => connection.last.cause !== undefined);
    assert.equal(connection.last.cause!.code, 'unavailable');
  });

  it('7. nothing yet: what `init` writes conforms to the simulated backend', async () => {
    const server = await startServer({ backend: { tickMs: 0, heartbeatMs: 200 } });
    try {
      for (const name of ['campaigns.js', 'subject.js'])
        await initFolder.write(
          name,
          (await example(`contract/${name}`)).replaceAll('http://127.0.0.1:8787', server.url),
        );
      const { ok, readOnly, counts } = await verify(
        initFolder,
        './subject.js',
        '--only',
        'feed-synced,change-reported,get-fresh,act-legal',
      );
      assert.deepEqual([ok, readOnly, counts.passed], [true, false, 4]);
    } finally {
      await server.close();
    }
  });

  it('prove it: the documented commands; that of the backend that only lists passes', async () => {
    assert.deepEqual(await codeBlocks(PAGE, 'sh'), [
      'npx campaign-status-kit backend --port 8787\n',
      'npx campaign-status-kit init src/campaigns\nnpx campaign-status-kit verify src/campaigns/subject.js\n',
      'npx campaign-status-kit verify ./subject.js\n',
    ]);
    const { ok, readOnly, counts } = await verify(folder, './subject.js');
    assert.deepEqual([ok, readOnly, counts.failed, counts.warned, counts.error], [true, false, 0, 0, 0]);
    assert.ok(counts.passed > 35, `${counts.passed} passed`);
  });

  it('every link leads to an existing, published page', async () => {
    const text = await readFile(join(root, PAGE), 'utf8');
    const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { files: readonly string[] };
    const published = (file: string): boolean =>
      file === 'README.md' ||
      files.some(
        (one) => file === one || file.startsWith(`${one}/`) || (one === 'docs/*.md' && /^docs\/[^/]+\.md$/.test(file)),
      );
    const heads = [...text.matchAll(/^#+ (.*)$/gm)].map(([, head]) =>
      head!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    );
    for (const [, to] of text.matchAll(/\]\(([^)]+)\)/g)) {
      if (to!.startsWith('#')) assert.ok(heads.includes(to!.slice(1)), to);
      else {
        const file = join(dirname(PAGE), to!.replace(/#.*/, ''));
        await access(join(root, file));
        assert.ok(published(file), file);
      }
    }
  });
});

function flow(id: string): CampaignRef {
  return { system: 'flows', id };
}
