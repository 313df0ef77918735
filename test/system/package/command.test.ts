/** The command as a host has it: from the packed package. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { startServer } from '../../../mocks/server/start-server.ts';

import { manifest } from './built.ts';
import { installPackage } from './installed.ts';
import { until } from '../../support/until.ts';

const host = installPackage();
after(() => host.remove());

interface Run {
  readonly output: { out: string; err: string };
  readonly code: Promise<number | null>;
  stop(): void;
}

function start(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [host.command, ...args], { cwd: host.folder, timeout: 300_000 });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += String(chunk)));
  child.stderr.on('data', (chunk) => (output.err += String(chunk)));
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { output, code, stop: () => child.kill('SIGTERM') };
}

async function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { code, output } = start(...args);
  return { code: await code, ...output };
}

describe('npx campaign-status-kit', () => {
  it('is executable', () => {
    assert.match(readFileSync(host.command, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  });

  it('lists its commands', async () => {
    const { code, out } = await run('--help');
    assert.equal(code, 0);
    assert.match(out, /verify .*\n.*backend /);
  });

  it('names its commands when it gets another', async () => {
    const { code, err } = await run('vérify');
    assert.equal(code, 2);
    assert.match(err, /"vérify"; use verify or backend/);
  });
});

describe('npx campaign-status-kit backend', () => {
  it('serves the contract on a port, without MSW, until it is stopped', async () => {
    const backend = start('backend', '--data', join(host.folder, 'data'));
    after(() => backend.stop());
    const { output } = backend;
    await until(() => output.out.includes('\n') || output.err !== '', 'it prints its address');
    assert.equal(output.err, '');
    const report = await run('verify', output.out.trim(), '--json');
    assert.equal(report.code, 0, report.out + report.err);
    backend.stop();
    assert.equal(await backend.code, 0);
  });

  it('reports invalid options', async () => {
    const { code, err } = await run('backend', '--prot', '1');
    assert.equal(code, 2);
    assert.match(err, /--prot/);
  });
});

describe('npx campaign-status-kit verify', () => {
  it('checks a URL read-only', async () => {
    const server = await startServer();
    after(() => server.close());
    const { code, out, err } = await run('verify', server.url, '--json');
    assert.equal(code, 0, out + err);
    const report = JSON.parse(out) as { counts: Record<string, number> };
    assert.ok((report.counts['passed'] ?? 0) > 5, JSON.stringify(report.counts));
    // The server notices only a moment later that the command has ended.
    await until(() => server.backend.openFeeds() === 0, 'no feed is left open');
  });

  it('checks a module of the project, which imports the kit from the package', async () => {
    writeFileSync(
      join(host.folder, 'subject.mjs'),
      `import { backendControl, simulateBackend, simulatedAdapter } from '${manifest.name}/mocks';
      const backend = simulateBackend({ heartbeatMs: 500, processingMs: 50 });
      export default {
        system: 'flows',
        createAdapter: () => simulatedAdapter(backend),
        control: backendControl(backend, 'flows'),
      };`,
    );
    const { code, out, err } = await run('verify', './subject.mjs', '--json');
    assert.equal(code, 0, out + err);
    const report = JSON.parse(out) as { counts: Record<string, number> };
    assert.ok((report.counts['passed'] ?? 0) > 30, JSON.stringify(report.counts));
  });

  it('reports what it cannot do', async () => {
    const { code, err } = await run('verify', './nowhere.mjs');
    assert.equal(code, 2);
    assert.match(err, /nowhere\.mjs/);
  });
});
