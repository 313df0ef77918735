/** The command: its arguments, output and exit codes. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { startServer } from '../../../mocks/server/start-server.ts';
import type { ConformanceReport } from '../../../src/conformance/index.ts';
import { json, serve } from '../../support/http-server.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const subjects = join(root, 'test/system/command/subjects');
const right = join(subjects, 'right.ts');
const broken = join(subjects, 'broken.ts');
const folder = await mkdtemp(join(tmpdir(), 'verify-'));
after(() => rm(folder, { recursive: true }));

const server = await startServer({ backend: { tickMs: 0, heartbeatMs: 200 } });
after(() => server.close());

const children: ChildProcess[] = [];
after(() => {
  // Also after a failure: a running child keeps this process alive.
  for (const child of children) child.kill('SIGKILL');
});

/** A test that waits for a process in vain fails instead of hanging. */
const limit = { timeout: 300_000 };

/** Quick rules of every kind. */
const QUICK = 'feed-synced,change-reported,get-fresh,act-legal,resume-complete';
const TSX = ['--import', 'tsx', join(root, 'src/conformance/command.ts')];

/** Starts a command. Its output is complete once it has ended. */
function start(args: readonly string[], node: readonly string[] = TSX, cwd: string = root) {
  const child = spawn(process.execPath, [...node, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return {
    ended,
    interrupt: () => child.kill('SIGINT'),
    /** Waits until it has printed this; later calls look only at what comes after it. */
    async prints(what: RegExp, ms = 30_000) {
      const deadline = Date.now() + ms;
      for (;;) {
        const found = what.exec(output.out);
        if (found) {
          output.out = output.out.slice(found.index + found[0].length);
          return;
        }
        if (Date.now() > deadline) assert.fail(`it never printed ${what}: ${output.out}${output.err}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

const run = (...args: readonly string[]) => start(args).ended;
const verify = (...args: readonly string[]) => run('verify', ...args);

/** An adapter that opens its feed before it is refused, one that sends nothing, and one that falls silent after a few feeds. */
const ADAPTERS = {
  'package.json': '{ "type": "module" }',
  'signed-out.js': `
    async function* watch() {
      yield { type: 'open', mode: 'snapshot' };
      throw Object.assign(new Error('answered 401'), { name: 'AdapterError', code: 'unauthenticated' });
    }
    export default { system: 'flows', createAdapter: () => ({ watch, act: async () => {} }) };`,
  'sends-nothing.js': `
    async function* watch() {}
    export default { system: 'flows', createAdapter: () => ({ watch, act: async () => {} }) };`,
  'falls-silent.js': `
    import right from ${JSON.stringify(right)};
    const subject = right({});
    let made = 0;
    export default {
      ...subject,
      timeouts: { ...subject.timeouts, answerMs: 120_000, caseMs: 240_000 },
      createAdapter: () => ({ ...subject.createAdapter(), ...(++made > 3 && { watch: () => new ReadableStream() }) }),
    };`,
};
before(async () => {
  for (const [name, text] of Object.entries(ADAPTERS)) await writeFile(join(folder, name), text);
});

describe('verify', { ...limit, concurrency: 3 }, () => {
  test('a module with a conforming adapter: exit code 0, one line per case, then the totals', async () => {
    const { code, out, err } = await verify(right, '--only', QUICK, '--system', 'python');
    assert.equal(err, '');
    assert.match(out, /^pass {2}feed-synced: A snapshot ends with `synced`.$/m);
    assert.match(out, /^adapter of python, optional members: /m);
    assert.match(
      out,
      /^5 passed, 0 failed, .*: the adapter conforms to rule set 3, as far as it was checked \(\d+ rules were not\)$/m,
    );
    assert.ok(!out.includes('\u001b'), 'colours in output that is not a terminal');
    assert.equal(code, 0);
  });

  test('a module that exports a subject by its members and breaks a rule: exit code 1 and the whole failure', async () => {
    const { code, out } = await verify(broken, '--only', QUICK);
    assert.match(out, /^FAIL {2}get-fresh: /m);
    assert.match(
      out,
      /received {2}The campaign was renamed .*\n {2}matters .*\n {2}fix .*\n {2}read {6}docs\/conformance.md#get-fresh\n {2}trace/,
    );
    assert.match(out, /the adapter does not conform to rule set 3$/m);
    assert.equal(code, 1);
  });

  test('a url without a control: a read-only run that changes nothing', async (t) => {
    // Its own server, because other tests change the shared one. Its heartbeat is slow, because this process may stall.
    const alone = await startServer({ backend: { tickMs: 0, heartbeatMs: 5000 } });
    t.after(() => alone.close());
    const before = JSON.stringify(alone.backend.campaigns.list('flows'));
    const { code, out } = await verify(alone.url);
    assert.match(out, /^read-only: no action was sent/m);
    assert.match(out, /^skip {2}act-legal: there is no backend control$/m);
    assert.equal(JSON.stringify(alone.backend.campaigns.list('flows')), before);
    assert.equal(code, 0);
  });

  test('a url with a backend control: action rules are checked', async () => {
    const control = join(subjects, 'remote-backend-control.ts');
    const { code, out } = await verify(server.url, '--control', control, '--only', QUICK);
    assert.match(out, /^pass {2}act-legal/m);
    assert.equal(code, 0);
  });

  test('--read-only with a backend control: action rules are skipped', async () => {
    const { code, out } = await verify(right, '--read-only', '--only', QUICK);
    assert.match(out, /^skip {2}act-legal: the run is read-only$/m);
    assert.equal(code, 0);
  });

  test('--header with a url: sent with each request; a 401 names the option', async (t) => {
    const protectedServer = await serve((_, response) => json(response, 401, { detail: 'who are you?' }));
    t.after(() => protectedServer.close());
    const { code, out } = await verify(
      protectedServer.src,
      '--header',
      'Authorization: Bearer a:b',
      '--header',
      'x-team: kit',
    );
    assert.equal(protectedServer.requests[0]!.headers['authorization'], 'Bearer a:b');
    assert.equal(protectedServer.requests[0]!.headers['x-team'], 'kit');
    assert.match(out, /could not be opened: AdapterError unauthenticated: .*who are you\?/);
    assert.match(out, /give --header 'NAME: VALUE'\.$/m);
    assert.equal(code, 2);
  });

  test('a url of another kind of server: exit code 2 and a link to the docs', async (t) => {
    const other = await serve((_, response) => json(response, 404, { detail: 'no such page' }));
    t.after(() => other.close());
    const { code, out } = await verify(other.src);
    assert.match(
      out,
      /answered 404[^]*If the backend does not follow the HTTP contract, write a module: see docs\/wire-your-backend.md/,
    );
    assert.equal(code, 2);
  });

  test('a module whose adapter is not signed in: exit code 2 and what to return instead', async () => {
    const { code, out } = await verify(join(folder, 'signed-out.js'));
    assert.match(out, /^ERROR feed-synced\n {2}The campaigns could not be read: AdapterError unauthenticated/m);
    assert.match(
      out,
      /^The backend requires a sign-in: return an adapter from `createAdapter` that is signed in, or give it a `reauth/m,
    );
    assert.equal(code, 2);
  });

  test('--json: the output is the report and nothing else', async () => {
    const { code, out } = await verify(broken, '--json', '--only', QUICK);
    const report = JSON.parse(out) as ConformanceReport;
    assert.deepEqual([report.contract, report.ruleSet, report.ok, report.counts.failed], [1, 3, false, 1]);
    assert.equal(code, 1);
  });

  test('--expected-failures: exit code 0 while they are broken, 1 once one holds', async () => {
    const list = join(folder, 'expected');
    await writeFile(list, '# known since the move\nget-fresh  # a cache\n\n');
    const { code, out } = await verify(broken, '--only', QUICK, '--expected-failures', list);
    assert.match(out, /^FAIL {2}get-fresh: .*\(expected to fail\)$/m);
    assert.equal(code, 0);
    assert.equal((await verify(right, '--only', QUICK, '--expected-failures', list)).code, 1);
  });

  test('--rule-set: checks an older set, without the rules that came later', async () => {
    const { code, out } = await verify(right, '--rule-set', '1', '--only', 'feed-synced');
    assert.match(out, /the adapter conforms to rule set 1,/);
    assert.equal(code, 0);
    const later = await verify(right, '--rule-set', '1', '--only', 'history-paged');
    assert.match(later.err, /There is no rule "history-paged"/);
    assert.equal(later.code, 2);
  });

  test('--help: prints the usage, exit code 0', async () => {
    const { code, out } = await run('--help');
    assert.match(out, /campaign-status-kit verify <url\|module>/);
    assert.equal(code, 0);
  });
});

describe('a wrong command line: exit code 2 and how to fix it', { ...limit, concurrency: 3 }, () => {
  before(async () => {
    const texts = {
      'syntax-error.js': "export default {\n  system: 'flows'\n  createAdapter() {},\n};\n",
      'imports-syntax-error.js': "export { default } from './syntax-error.js';\n",
      'typed.ts': 'const x: = 3;\n',
      'throws.js': "export const a = 1;\nthrow new Error('no token');\n",
      'typo.js': "export default { system: 'flows', createAdaptor() {} };\n",
      'returns-nothing.js': 'export default () => {};\n',
      'page.html': '<!doctype html>\n',
    };
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no command', [], /Give a command: verify/],
    ['another command', ['check', right], /There is no command "check"; use verify/],
    ['no target', ['verify'], /give a url or a module/],
    ['two targets', ['verify', right, broken], /".*broken.ts" is one too many/],
    ['an unknown option', ['verify', right, '--fast'], /There is no option --fast\.$/m],
    [
      'a typing mistake in an option',
      ['verify', right, '--wacth'],
      /There is no option --wacth; did you mean --watch\?/,
    ],
    [
      'a url without http://',
      ['verify', '127.0.0.1:4711'],
      /begins with http:.*did you mean http:\/\/127.0.0.1:4711\?/,
    ],
    [
      'a module without its extension',
      ['verify', join(subjects, 'right')],
      /There is no file .*did you mean .*right.ts\?/,
    ],
    [
      'a module with a syntax error',
      ['verify', join(folder, 'syntax-error.js')],
      /syntax-error.js could not be loaded: SyntaxError: Unexpected identifier 'createAdapter'\n {2}at .*syntax-error.js:3$/m,
    ],
    [
      'a module that imports one with a syntax error',
      ['verify', join(folder, 'imports-syntax-error.js')],
      /imports-syntax-error.js could not be loaded: SyntaxError: .*\n {2}at .*\/syntax-error.js:3$/m,
    ],
    ['TypeScript with a syntax error', ['verify', join(folder, 'typed.ts')], /could not be loaded: .*typed.ts:1:/s],
    ['a module that throws', ['verify', join(folder, 'throws.js')], /loaded: Error: no token\n {2}at .*throws.js:2$/m],
    [
      'a default export of the wrong shape',
      ['verify', join(folder, 'typo.js')],
      /its default export has "system", "createAdaptor"; it lacks "createAdapter"/,
    ],
    [
      'a function that returns no subject',
      ['verify', join(folder, 'returns-nothing.js')],
      /what its default export returns is undefined, not an object/,
    ],
    [
      'a page',
      ['verify', join(folder, 'page.html')],
      /page.html: Node \S+ does not read this kind of file; give a url/,
    ],
    ['a missing module', ['verify', './no-such-file.js'], /There is no file .*no-such-file.js/],
    ['a missing package', ['verify', 'no-such-package'], /neither a url, nor a file, nor a package/],
    [
      'a module without a subject',
      ['verify', join(subjects, 'nothing.ts')],
      /exports answer; it must export a subject/,
    ],
    [
      'a module without a backend control',
      ['verify', server.url, '--control', join(subjects, 'nothing.ts')],
      /must export a backend control/,
    ],
    ['a header without a value', ['verify', server.url, '--header', 'x'], /give 'name: value'/],
    ['a header for a module', ['verify', right, '--header', 'a: b'], /works only with a url/],
    ['an unknown rule', ['verify', right, '--only', 'get-frish'], /There is no rule "get-frish"/],
    [
      'a missing list of expected failures',
      ['verify', right, '--expected-failures', 'no-list'],
      /--expected-failures: .*no-list/,
    ],
    ['a timeout that is not a number', ['verify', right, '--timeout', 'none'], /give a number of ms above 0/],
    ['an unknown rule set', ['verify', right, '--rule-set', '4'], /--rule-set: got "4"; give one of: 1, 2, 3\./],
    ['--watch without a file', ['verify', server.url, '--watch'], /--watch needs a file/],
    ['a url where no server answers', ['verify', 'http://127.0.0.1:1'], /^$/],
  ];
  for (const [what, args, message] of wrong)
    test(what, async () => {
      const { code, err } = await run(...args);
      assert.match(err, message);
      assert.ok(!/^ {4}at /m.test(err), err);
      assert.equal(code, 2);
    });
});

describe('a running command', limit, () => {
  test('Ctrl-C stops it and prints the results so far', async () => {
    // A subject that finishes could do so before the interrupt.
    const command = start(['verify', join(folder, 'falls-silent.js')]);
    await command.prints(/pass {2}feed-synced/);
    command.interrupt();
    const { code, out, err } = await command.ended;
    assert.match(out, /not checked: \d+ rules\n\d+ passed/);
    assert.deepEqual([code, err], [130, '']);
  });

  test('--watch runs again when the module changes, until Ctrl-C', async () => {
    // In the project folder, so that its imports resolve.
    const own = join(root, 'test/system/command', `.watch-${process.pid}`);
    await mkdir(own);
    try {
      const module = join(own, 'subject.ts');
      await cp(right, module);
      const command = start(['verify', module, '--watch', '--only', 'get-fresh']);
      await command.prints(/pass {2}get-fresh[^]*waiting for a change/);
      // By rename: a half-written file could be loaded and fail.
      await cp(broken, `${module}.new`);
      await rename(`${module}.new`, module);
      await command.prints(/FAIL {2}get-fresh[^]*waiting for a change/);
      command.interrupt();
      const { code, err } = await command.ended;
      assert.deepEqual([code, err], [130, '']);
    } finally {
      await rm(own, { recursive: true });
    }
  });
});

describe('--watch, file by file', limit, () => {
  /** A module whose adapter never opens a feed. It prints when a case begins and ends. */
  const SILENT = `
    export default {
      system: 'flows',
      timeouts: { answerMs: 2500 },
      createAdapter: () => (console.log('begun'), { watch: () => new ReadableStream(), act: async () => {} }),
      closeAdapter: () => console.log('cleaned up'),
    };`;

  async function inOwnFolder(text: string, proceed: (module: string) => Promise<void>) {
    const own = await mkdtemp(join(folder, 'own-'));
    await writeFile(join(own, 'package.json'), '{ "type": "module" }');
    const module = join(own, 'subject.js');
    await writeFile(module, text);
    await proceed(module);
  }

  test('it runs again each time a file is replaced', () =>
    inOwnFolder(`export { default } from './adapter.js';`, async (module) => {
      const adapter = join(module, '../adapter.js');
      await writeFile(adapter, SILENT);
      const command = start(['verify', module, '--watch', '--only', 'adapter-shape']);
      await command.prints(/pass {2}adapter-shape[^]*waiting for a change/);
      for (let time = 0; time < 3; time++) {
        await writeFile(`${adapter}.new`, SILENT);
        await rename(`${adapter}.new`, adapter);
        await command.prints(
          /^— adapter\.js changed, \d\d:\d\d:\d\d —$[^]*pass {2}adapter-shape[^]*waiting for a change/m,
        );
      }
      command.interrupt();
      const { code, err } = await command.ended;
      assert.deepEqual([code, err], [130, '']);
    }));

  test('a change during a run lets the current case clean up', () =>
    inOwnFolder(SILENT, async (module) => {
      const command = start(['verify', module, '--watch', '--only', 'feed-opens-first']);
      await command.prints(/begun/);
      await writeFile(module, `${SILENT}\n`);
      await command.prints(/^cleaned up$[^]*— subject\.js changed, [\d:]+ —\n\nbegun/m);
      command.interrupt();
      const { code, out } = await command.ended;
      assert.match(out, /^cleaned up$/m);
      assert.equal(code, 130);
    }));
});

describe('the built command', limit, () => {
  const built = join(root, 'test/system/command', `.built-${process.pid}`);
  after(() => rm(built, { recursive: true, force: true }));

  test('runs in plain Node, and an error says how to load TypeScript', async () => {
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      build: {
        outDir: built,
        target: 'es2022',
        lib: { formats: ['es'], entry: { command: join(root, 'src/conformance/command.ts') } },
        rolldownOptions: { external: /^[^./\0]/ },
      },
    });
    const file = join(built, 'command.js');
    assert.match(await readFile(file, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    const url = await start(['verify', server.url, '--only', 'feed-synced'], [file]).ended;
    assert.deepEqual([url.code, url.err], [0, '']);
    const { code, err } = await start(['verify', right], [file]).ended;
    assert.match(
      err,
      /does not read this kind of file.*npm i -D tsx.*NODE_OPTIONS='--import tsx' npx campaign-status-kit verify/,
    );
    assert.equal(code, 2);
    // The path to the docs exists in every working directory.
    const { out } = await start(['verify', './sends-nothing.js'], [file], folder).ended;
    const [, page] = /^ {2}read {6}(.*)#feed-opens-first$/m.exec(out) ?? assert.fail(out);
    assert.match(await readFile(resolve(folder, page!), 'utf8'), /^#### feed-opens-first$/m);
  });
});
