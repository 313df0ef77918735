import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { CampaignStore, Lifecycle, Routes } from '../../../src/index.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// Inside the tree, so that bare imports are found.
const folder = join(root, 'test/node/docs/.readme');

/** The code blocks of a language, as files that import the sources in place of the package. */
async function blocks(language: string): Promise<string[]> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const found = [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1]!,
  );
  return found.map((code) => code.replaceAll("'campaign-status-kit'", "'../../../../src/index.ts'"));
}

describe('the code in the README', () => {
  let files: string[] = [];

  before(async () => {
    await mkdir(folder, { recursive: true });
    const code = await blocks('ts');
    files = await Promise.all(
      code.map(async (block, index) => {
        const file = join(folder, `block-${index}.ts`);
        await writeFile(file, block);
        return file;
      }),
    );
    assert.equal(files.length, 4);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('type-checks', async () => {
    const config = join(folder, 'tsconfig.json');
    await writeFile(config, JSON.stringify({ extends: '../../../../tsconfig.json', include: ['*.ts'], exclude: [] }));
    const tsc = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin/tsc');
    await promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', config]).catch((error: { stdout: string }) =>
      assert.fail(error.stdout),
    );
  });

  it('runs: routes, a configured adapter, an adapter of one’s own, a third lifecycle', async () => {
    const [routes, configured, own, third] = (await Promise.all(
      files.map((file) => import(pathToFileURL(file).href)),
    )) as [{ routes: Routes }, { store: CampaignStore }, { store: CampaignStore }, { reviews: Lifecycle }];
    assert.equal(typeof routes.routes.contacts, 'function');
    assert.deepEqual([...configured.store.lifecycles.keys()], ['flows', 'python']);
    assert.equal(third.reviews.statuses['open']!.label, 'Open');
    configured.store.dispose();

    const ref = { system: 'flows', id: 'spring-sale' };
    const seen: string[] = [];
    const started = new Promise<void>((resolve) => {
      own.store.campaign(ref).subscribe(({ presence, status }) => {
        seen.push(status);
        if (presence === 'present' && status === 'inactive') resolve();
      });
    });
    await started;
    assert.deepEqual(await own.store.perform(ref, 'start'), { outcome: 'done' });
    assert.equal(own.store.campaign(ref).value.status, 'active');
    assert.equal((await own.store.perform(ref, 'start')).reason?.code, 'illegal');
    assert.ok(seen.includes('active'));
    own.store.dispose();
  });
});
