/** The page about the conformance kit lists every rule as the code does, and its code blocks run. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import prettier from 'prettier';
import { startServer } from '../../../mocks/server/start-server.ts';
import {
  conformanceCases,
  conformanceRules,
  type ConformanceReport,
  type RuleInfo,
} from '../../../src/conformance/index.ts';
import { HELP } from '../../../src/conformance/command/options.ts';
import { codeBlocks, DocFolder } from '../../support/doc-blocks.ts';

const PAGE = 'docs/conformance.md';
const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = await readFile(join(root, PAGE), 'utf8');
const HEAD = '\n## The rules\n';

describe('the rules on the page', () => {
  const [prose, rules = ''] = page.split(HEAD);

  test('are generated from the rules in the code', async () => {
    const wanted = await formatted(`${prose}${HEAD}${rulesAsText()}`);
    // UPDATE_DOCS=1 writes them again.
    if (process.env['UPDATE_DOCS']) await writeFile(join(root, PAGE), wanted);
    else assert.equal(page, wanted);
  });

  test('each case links to its heading, and each heading is a rule', () => {
    const headings = [...rules.matchAll(/^#### (.*)$/gm)].map(([, id]) => id);
    const cases = conformanceCases({ system: 'flows', createAdapter: () => assert.fail() });
    assert.deepEqual(headings.toSorted(), cases.map(({ docs }) => docs.replace(`${PAGE}#`, '')).toSorted());
  });

  test('the tables list every option and every member of the backend control', () => {
    const options = (text: string, pattern: RegExp): readonly string[] =>
      [...text.matchAll(pattern)].map(([, option]) => option!).toSorted();
    assert.deepEqual(
      options(prose!, /^\| `(--[a-z-]+)/gm),
      options(HELP, /^ {2}(--[a-z-]+)/gm).filter((option) => option !== '--help'),
    );
    const wanted = conformanceRules().flatMap(({ needs }) => needs);
    const members = wanted.flatMap((need) => (need.startsWith('control.') ? [need.slice('control.'.length)] : []));
    const [, control = ''] = prose!.split('\n## Backend control\n');
    assert.deepEqual(
      options(control, /^\| `([A-Za-z]+)\(/gm),
      [...new Set([...members, 'seed', 'change', 'remove', 'clear', 'holdPushes'])].toSorted(),
    );
  });

  test('the prose names only existing rules', () => {
    const ids = conformanceRules().map(({ id }) => id);
    for (const [, id] of prose!.matchAll(/`((?:cut|error|act|idempotent|resume|epoch|stop|snapshot)-[a-z-]+)`/g))
      assert.ok(ids.includes(id!), id);
    for (const [, start] of prose!.matchAll(/`([a-z]+-)…`/g))
      assert.ok(
        ids.some((id) => id.startsWith(start!)),
        start,
      );
  });
});

describe('the code on the page', () => {
  const folder = new DocFolder('.conformance');

  before(async () => {
    for (const block of [...(await codeBlocks(PAGE, 'ts')), ...(await codeBlocks(PAGE, 'js'))]) {
      const name = /^\/\/ (\S+)\n/.exec(block)?.[1];
      assert.ok(name, `a code block without a file name: ${block}`);
      const source = (entry: string): string => `'../../../../${entry}/index.ts'`;
      await folder.write(
        name,
        block
          .replaceAll("'campaign-status-kit/conformance'", source('src/conformance'))
          .replaceAll("'campaign-status-kit/mocks'", source('mocks')),
      );
    }
  });
  after(() => folder.remove());

  // With this variable set, a test runner inside a test runner runs nothing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const node = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', ...args], {
      cwd: folder.path,
      maxBuffer: 2 ** 26,
      timeout: 120_000,
      env,
    });
  const verify = async (...args: readonly string[]): Promise<ConformanceReport> => {
    const { stdout } = await node(join(root, 'src/conformance/command.ts'), 'verify', ...args, '--json');
    return JSON.parse(stdout) as ConformanceReport;
  };

  test('type-checks', () => folder.typeCheck());

  test('the subject passes every rule', async () => {
    const { ok, readOnly, counts } = await verify('./subject.ts');
    assert.deepEqual([ok, readOnly, counts.failed, counts.warned], [true, false, 0, 0]);
  });

  test('the backend control over HTTP works with the command `backend`', async () => {
    const server = await startServer();
    try {
      assert.equal((await verify(server.url)).readOnly, true);
      const { ok, readOnly } = await verify(
        server.url,
        '--control',
        './backend-control.js',
        '--only',
        'change-reported,act-legal',
      );
      assert.deepEqual([ok, readOnly], [true, false]);
    } finally {
      await server.close();
    }
  });

  test('the test file passes and the report prints the verdict', async () => {
    const { stdout } = await node('--test', '--test-reporter', 'tap', './adapter.test.ts');
    assert.match(stdout, /^# fail 0$/m);
    assert.match(stdout, /ok \d+ - act-legal: /);
    const printed = await node('./report.ts');
    assert.match(
      printed.stdout,
      /^act-legal passed$[^]*^pass {2}act-legal: [^]*: the adapter conforms to rule set 3, as far as it was checked \(\d+ rules were not\)$/m,
    );
  });
});

function rulesAsText(): string {
  const rules = conformanceRules();
  const groups = [...new Set(rules.map(({ group }) => group))];
  const sections = groups.map(
    (group) =>
      `### ${group}\n\n${rules
        .filter((rule) => rule.group === group)
        .map(ruleAsText)
        .join('\n')}`,
  );
  return `\n“Read-only” marks rules that are checked without sending an action or changing a campaign. A rule that names no rule set belongs to the first.\n\n${sections.join('\n')}`;
}

function ruleAsText({ id, level, title, why, fix, needs, ruleSet }: RuleInfo): string {
  const facts = [
    level === 'must' ? 'Must' : 'Should',
    ...(ruleSet > 1 ? [`rule set ${ruleSet}`] : []),
    ...(needs.length ? needs.map(needed) : ['read-only']),
  ];
  return `#### ${id}\n\n**${title}** ${facts.join(', ')}.\n\n${why}\n\n_Fix:_ ${fix}\n`;
}

function needed(need: RuleInfo['needs'][number]): string {
  const [of, member] = need.split('.');
  if (need === 'other') return 'a second system';
  if (member === undefined) return 'a backend control';
  return `${of === 'adapter' ? 'an adapter with' : 'a backend control with'} \`${member}\``;
}

async function formatted(text: string): Promise<string> {
  const options = await prettier.resolveConfig(join(root, PAGE));
  return prettier.format(text, { ...options, filepath: PAGE });
}
