// npm run check: all that can be said of the code without running it. `npm run check -- package` builds and checks the package.
import { pathToFileURL } from 'node:url';
import { bin, Tally } from './tally.mjs';

/** @param {Tally} tally */
export async function sourceChecks(tally) {
  await tally.check('lint', [bin('eslint'), '.', '--max-warnings', '0']);
  await tally.check('format', [bin('prettier'), '--check', '--log-level', 'warn', '.']);
  await tally.check('types', [bin('typescript', 'tsc'), '-p', '.']);
  await tally.check('types without a DOM', [bin('typescript', 'tsc'), '-p', 'tsconfig.plain.json']);
  await tally.check('import rules', [bin('dependency-cruiser', 'depcruise'), 'bin', 'src', 'mocks', 'stories']);
  await tally.check('unused files, exports and packages', [
    bin('knip'),
    '--no-progress',
    '--treat-config-hints-as-errors',
  ]);
  await tally.check('tokens', ['tools/tokens.mjs', '--check']);
  await tally.check('manifest', ['tools/check-manifest.mjs']);
  await tally.check('types of frameworks, data of editors', ['tools/host-data.mjs', '--check']);
  await tally.check('contract', ['tools/check-contract.mjs']);
}

/** Needs a build. @param {Tally} tally */
export async function packageChecks(tally) {
  await tally.check('package', ['tools/check-package.mjs']);
  await tally.check('size', ['tools/size.mjs']);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tally = new Tally();
  if (process.argv[2] === 'package') {
    await tally.check('package build', ['tools/build.mjs']);
    await packageChecks(tally);
  } else await sourceChecks(tally);
  tally.close();
}
