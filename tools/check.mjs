// npm run check: all that can be said of the code without running it.
import { pathToFileURL } from 'node:url';
import { bin, Tally } from './tally.mjs';

/** @param {Tally} tally */
export async function checks(tally) {
  await tally.check('lint', [bin('eslint'), '.', '--max-warnings', '0']);
  await tally.check('format', [bin('prettier'), '--check', '--log-level', 'warn', '.']);
  await tally.check('types', [bin('typescript', 'tsc'), '-p', '.']);
  await tally.check('types without a DOM', [bin('typescript', 'tsc'), '-p', 'tsconfig.plain.json']);
  await tally.check('import rules', [bin('dependency-cruiser', 'depcruise'), 'bin', 'src', 'mocks', 'stories']);
  await tally.check('manifest', ['tools/check-manifest.mjs']);
  await tally.check('contract', ['tools/check-contract.mjs']);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tally = new Tally();
  await checks(tally);
  tally.close();
}
