// Fails when the files in contract/ are not what the code says now, or the OpenAPI document is not sound.
import { spawnSync } from 'node:child_process';
import { bin, root } from './tally.mjs';

const steps = [
  ['--import', 'tsx', 'tools/contract.ts', '--check'],
  [bin('@redocly/cli', 'redocly'), 'lint', '--config', 'redocly.yaml', 'contract'],
];
// With these two it asks nothing of the network.
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
for (const step of steps)
  if (spawnSync(process.execPath, step, { cwd: root, env, stdio: 'inherit' }).status !== 0) process.exitCode = 1;
