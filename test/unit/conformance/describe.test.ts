/** The cases as tests of a runner: Node's own, and runners that differ from it. */
import assert from 'node:assert/strict';
import { after, describe, it, test } from 'node:test';
import { describeConformance, type Runner, type Subject } from '../../../src/conformance/index.ts';
import { sabotages } from './sabotaged/index.ts';
import { simulatedSubject } from './support.ts';

describe('in node:test', () => {
  const { subject, close } = simulatedSubject('python');
  after(close);
  describeConformance({ describe, it }, subject);
});

type Body = (this: unknown, ...context: unknown[]) => Promise<void>;

/** A runner that records its tests. */
function collecting(): { readonly runner: Runner; readonly bodies: Map<string, Body>; readonly names: string[] } {
  const bodies = new Map<string, Body>();
  const names: string[] = [];
  return {
    bodies,
    names,
    runner: {
      describe: (name, body) => {
        names.push(name);
        body();
      },
      it: (name: string, body: Body) => void bodies.set(name.split(':')[0]!, body),
    },
  };
}

function tests(subject: Subject, options?: Parameters<typeof describeConformance>[2]) {
  const { runner, bodies, names } = collecting();
  describeConformance(runner, subject, options);
  return { bodies, names };
}

test('a broken rule fails its test with the whole failure as message', async () => {
  const { subject, close } = simulatedSubject('flows', sabotages.get('get-fresh'));
  const { bodies, names } = tests(subject, { only: ['get-fresh', 'get-agrees'] });
  assert.deepEqual([...bodies.keys()], ['get-agrees', 'get-fresh']);
  assert.match(names[0]!, /flows/);
  await bodies.get('get-agrees')!();
  await assert.rejects(bodies.get('get-fresh')!(), ({ message }: Error) => {
    for (const part of ['received', 'matters', 'fix', 'docs/conformance.md#get-fresh', 'trace'])
      assert.ok(message.includes(part), message);
    return true;
  });
  close();
});

test('an expected failure passes while it is broken, and fails once it holds', async () => {
  const { subject, close } = simulatedSubject('flows', sabotages.get('get-fresh'));
  const { bodies } = tests(subject, { expectedFailures: ['get-fresh', 'get-agrees'] });
  await bodies.get('get-fresh')!();
  await assert.rejects(bodies.get('get-agrees')!(), /Take it off the list/);
  close();
});

test('an unknown rule id is refused', () => {
  const { subject, close } = simulatedSubject('flows');
  assert.throws(
    () => tests(subject, { only: ['get-frish'] }),
    /There is no rule "get-frish"; did you mean "get-fresh"\?/,
  );
  assert.throws(() => tests(subject, { expectedFailures: ['get-frish'] }), RangeError);
  close();
});

test('a broken recommendation does not fail a test', async () => {
  const { subject, close } = simulatedSubject('flows', sabotages.get('long-texts'));
  await tests(subject).bodies.get('long-texts')!();
  close();
});

test('a case that does not apply is skipped through the runner’s own skip', async () => {
  const { subject, close } = simulatedSubject('flows');
  const body = tests(subject).bodies.get('log-schema')!;
  const reasons: string[] = [];
  await body.call(undefined, { skip: (reason: string) => void reasons.push(reason) });
  // Mocha passes its context as `this`, and a callback to functions that declare a parameter.
  const times: number[] = [];
  const mocha = { skip: () => void reasons.push('skipped'), timeout: (ms: number) => void times.push(ms) };
  await body.call(mocha);
  await body.call(undefined);
  assert.deepEqual(reasons, ['the lifecycle has no log', 'skipped']);
  assert.ok(times[0]! >= 60_000);
  assert.equal(body.length, 0);
  close();
});
