// Fails when a host's tools would not find what the packed package promises: its files (publint), its types (attw). Reads dist/.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto } from './pack.mjs';
import { bin, root } from './tally.mjs';

const folder = mkdtempSync(join(tmpdir(), 'package-'));
const tarball = packInto(folder);
const steps = [
  [bin('publint'), 'run', tarball, '--strict'],
  // ESM only: Node's own `require` loads the modules, and the entries are there only for what reads `exports`.
  // A style sheet has no types.
  [
    ...[bin('@arethetypeswrong/cli', 'attw'), tarball, '--profile', 'esm-only', '--format', 'ascii'],
    ...['--exclude-entrypoints', 'before-script.css'],
  ],
];
for (const step of steps) {
  const { status, stdout, stderr } = spawnSync(process.execPath, step, { cwd: root, encoding: 'utf8' });
  if (status === 0) continue;
  console.error(stdout + stderr);
  process.exitCode = 1;
}
rmSync(folder, { recursive: true });
