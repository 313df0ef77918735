// Files that a command makes, and that are kept in the repository.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './tally.mjs';

/**
 * Writes the files, formatted. With `--check` it writes nothing, says which are stale, and makes the process fail.
 *
 * @param {Readonly<Record<string, string>>} files their text, by the path from the root
 * @param {string} command what makes them
 */
export async function writeGenerated(files, command) {
  for (const [path, text] of Object.entries(files)) {
    const filepath = join(root, path);
    const fresh = await format(text, { ...(await resolveConfig(filepath)), filepath });
    if (!process.argv.includes('--check')) {
      mkdirSync(dirname(filepath), { recursive: true });
      writeFileSync(filepath, fresh);
    } else if (!existsSync(filepath) || readFileSync(filepath, 'utf8') !== fresh) {
      console.error(`${path} is stale. Run \`${command}\` and keep the result.`);
      process.exitCode = 1;
    }
  }
}
