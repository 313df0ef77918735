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
import { codeBlocks, DocFolder } from '../support/doc-blocks.ts';
import { event, json, serve, stream, type TestServer } from '../support/http-server.ts';
import { startRestBackend, type RestBackend } from '../support/rest-backend.ts';
import { record } from '../support/store-fixture.ts';
import { until } from '../support/until.ts';

const PAGE = 'docs/wire-your-backend.md';
const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = new DocFolder('.wire-your-backend');

/** Runs the kit's command in the folder of the code. It must exit with 0. @returns its report */
async function verify(...args: readonly string[]): Promise<ConformanceReport> {
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
  let store: CampaignStore | undefined;

  before(async () => {
    signedIn = await serve();
    rest = await startRestBackend();
    const blocks = [...(await codeBlocks(PAGE, 'js')), ...(await codeBlocks(PAGE, 'ts'))];
    const names = await Promise.all(
      blocks.map(async (block) => {
        const [, name] = /^\/\/ (\S+)\n/.exec(block) ?? assert.fail(`a block without a name: ${block.slice(0, 80)}`);
        const code = block
          .replaceAll('http://127.0.0.1:8787', signedIn.src)
          .replaceAll('http://127.0.0.1:4000', new URL(rest.src).origin);
        await folder.write(name!, code);
        return name;
      }),
    );
    assert.deepEqual(names, ['store.js', 'campaigns.js', 'page.js', 'subject.js', 'websocket.ts']);
  });

  after(async () => {
    await signedIn.close();
    await rest.close();
    await folder.remove();
  });

  afterEach(() => store?.dispose());

  it('type-checks, the plain JavaScript too', () =>
    folder.typeCheck({ noImplicitAny: false, noUnusedParameters: false }));

  it('1. `src`: the page’s element names an address, and a backend there conforms', async () => {
    const [html = '', ...more] = await codeBlocks(PAGE, 'html');
    assert.equal(more.length, 0);
    assert.match(html, /<campaign-provider src="http:\/\/127\.0\.0\.1:8787">/);
    const server: RunningServer = await startServer();
    try {
      const report = await verify(server.url);
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

  it('4. a custom adapter: the page shows the example that other tests run', async () => {
    const [shown] = await codeBlocks(PAGE, 'ts');
    const example = await readFile(join(root, 'examples/adapters/websocket.ts'), 'utf8');
    const body = (code: string): string => code.replace(/^\/\/.*\n/, '');
    assert.equal(body(shown!), body(example).replace("'../../src/index.ts'", "'campaign-status-kit'"));
  });

  it('prove it: the documented command passes', async () => {
    assert.deepEqual(await codeBlocks(PAGE, 'sh'), ['npx campaign-status-kit verify ./subject.js\n']);
    const { ok, readOnly, counts } = await verify('./subject.js');
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
