import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Journal } from '../../../mocks/server/journal.ts';

/** The one file that a closed data folder holds. */
const JOURNAL = 'journal.log';
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'journal-'));
  folders.push(made);
  return made;
}

/** Appends 0, 1, 2, … and prints each once it is stored; compacts the journal again and again. */
const WRITER = `
  import { writeSync } from 'node:fs';
  import { Journal } from ${JSON.stringify(new URL('../../../mocks/server/journal.ts', import.meta.url).href)};
  const [folder] = process.argv.slice(1);
  const journal = new Journal(folder);
  const rows = new Map((journal.saved?.rows ?? []).map((row) => [row[1], row]));
  for (let n = rows.size; ; n++) {
    const row = ['t', String(n), 'x'.repeat(n % 7 === 0 ? 100_000 : 10)];
    rows.set(row[1], row);
    journal.append([row]);
    writeSync(1, n + '\\n');
    if (n % 5 === 0) journal.compact({ format: 1, rows: [...rows.values()] });
  }`;

describe('a journal', () => {
  it('has every stored transaction, and no gap, after a kill at any moment', { timeout: 300_000 }, async () => {
    const data = folder();
    let stored = -1;
    for (let round = 0; round < 6; round++) {
      const args = ['--import', 'tsx', '--input-type=module', '-e', WRITER, data];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let printed = '';
      child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 17 * round));
      child.kill('SIGKILL');
      await once(child, 'close');
      stored = Number(printed.split('\n').at(-2));
      const journal = new Journal(data);
      const keys = journal.saved?.rows.map(([, key]) => Number(key)) ?? [];
      journal.close();
      assert.ok(keys.length === stored + 1 || keys.length === stored + 2, `${keys.length} after ${stored} was stored`);
      assert.ok(keys.every((key, index) => key === index));
    }
    assert.ok(stored > 6, 'something was written');
  });

  it('is compacted, and loses nothing in a crash during that', () => {
    const data = folder();
    const first = new Journal(data);
    first.append([['t', 'a', 1]]);
    first.append([
      ['t', 'b', 2],
      ['t', 'a'],
    ]);
    first.close();
    const second = new Journal(data);
    assert.deepEqual(second.saved?.rows, [['t', 'b', 2]]);
    second.compact(second.saved);
    second.append([['t', 'c', 3]]);
    second.close();
    // As if it had been killed while it wrote a new journal, and before that in the middle of an entry.
    writeFileSync(join(data, `${JOURNAL}.new`), '12345 [["half');
    appendFileSync(join(data, JOURNAL), '67890 [["t","d"');
    const third = new Journal(data);
    assert.deepEqual(third.saved?.rows, [
      ['t', 'b', 2],
      ['t', 'c', 3],
    ]);
    third.append([['t', 'e', 5]]);
    third.compact({ format: 1, rows: [['t', 'f', 6]] });
    third.append([['t', 'g', 7]]);
    third.close();
    assert.deepEqual(readdirSync(data), [JOURNAL]);
    const fourth = new Journal(data);
    assert.deepEqual(fourth.saved?.rows, [
      ['t', 'f', 6],
      ['t', 'g', 7],
    ]);
    fourth.close();
  });

  it('loses no entry before a torn one, whatever bytes that one has', () => {
    const data = folder();
    const first = new Journal(data);
    first.append([['t', 'a', 'ä']]);
    first.append([['t', 'b', 2]]);
    first.close();
    appendFileSync(join(data, JOURNAL), Buffer.concat([Buffer.alloc(40, 0xff), Buffer.from('\n')]));
    const second = new Journal(data);
    second.append([['t', 'c', 3]]);
    second.close();
    const third = new Journal(data);
    assert.deepEqual(third.saved?.rows, [
      ['t', 'a', 'ä'],
      ['t', 'b', 2],
      ['t', 'c', 3],
    ]);
    third.close();
  });

  it('with a large state is compacted only after it has grown by as much as with a small one', () => {
    const journal = new Journal(folder());
    const large = 'x'.repeat(3_000_000);
    for (const key of ['a', 'b']) journal.append([['t', key, large]]);
    assert.ok(journal.needsCompaction);
    journal.compact({
      format: 1,
      rows: [
        ['t', 'a', large],
        ['t', 'b', large],
      ],
    });
    journal.append([['t', 'c', large]]);
    assert.ok(!journal.needsCompaction);
    journal.append([['t', 'd', large]]);
    assert.ok(journal.needsCompaction);
    journal.close();
  });

  it('names a folder that was deleted meanwhile in its error', () => {
    const data = folder();
    const journal = new Journal(data);
    const named = new RegExp(`^JournalError: "${data}" can't be written to \\(ENOENT\\)`);
    rmSync(data, { recursive: true });
    assert.throws(() => journal.compact({ format: 1, rows: [] }), named);
    journal.close();
  });

  it('takes over the lock of a process that has ended', () => {
    for (const ended of [999_999_999, 99_999_999_999, process.pid]) {
      const data = folder();
      writeFileSync(join(data, `lock.${ended}`), '');
      const journal = new Journal(data);
      assert.deepEqual(readdirSync(data), [JOURNAL, `lock.${process.pid}`], `after ${ended}`);
      journal.close();
      assert.deepEqual(readdirSync(data), [JOURNAL]);
    }
  });

  it('names a path that can be no folder in its error', () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below'), '/proc', '/proc/a/b', ''])
      assert.throws(
        () => new Journal(path),
        ({ name, message }: Error) => name === 'JournalError' && message.startsWith(`"${path}" can't be used (E`),
        path,
      );
  });
});
