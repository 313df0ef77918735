/** The command as it is installed: the built file, by its name in the package. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer, type RunningServer } from '../../mocks/server/start-server.ts';
import { until } from '../kill/support/until.ts';
import { manifest, root } from './built.ts';

const command = join(root, manifest.bin['campaign-status-kit'] ?? '');

/** Runs it in a project that has the package installed. */
async function run(
  folder: string,
  args: readonly string[],
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, timeout: 300_000 });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

describe('npx campaign-status-kit verify', () => {
  let server: RunningServer;
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  before(async () => {
    server = await startServer();
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', manifest.name), 'junction');
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('is executable', () => {
    assert.match(readFileSync(command, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  });

  it('checks a URL read-only', async () => {
    const { code, out, err } = await run(folder, ['verify', server.url, '--json']);
    assert.equal(code, 0, out + err);
    const report = JSON.parse(out) as { counts: Record<string, number> };
    assert.ok((report.counts['passed'] ?? 0) > 5, JSON.stringify(report.counts));
    // The server notices only a moment later that the command has ended.
    await until('no feed is left open', () => server.backend.openFeeds() === 0);
  });

  it('checks a module of the project, which imports the kit from the package', async () => {
    writeFileSync(
      join(folder, 'subject.mjs'),
      `import { backendControl, simulateBackend, simulatedAdapter } from '${manifest.name}/mocks';
      const backend = simulateBackend({ heartbeatMs: 500, processingMs: 50 });
      export default {
        system: 'flows',
        createAdapter: () => simulatedAdapter(backend),
        control: backendControl(backend, 'flows'),
      };`,
    );
    const { code, out, err } = await run(folder, ['verify', './subject.mjs', '--json']);
    assert.equal(code, 0, out + err);
    const report = JSON.parse(out) as { counts: Record<string, number> };
    assert.ok((report.counts['passed'] ?? 0) > 30, JSON.stringify(report.counts));
  });

  it('reports what it cannot do', async () => {
    const { code, err } = await run(folder, ['verify', './nowhere.mjs']);
    assert.equal(code, 2);
    assert.match(err, /nowhere\.mjs/);
  });
});
