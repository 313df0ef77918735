/** Runs the simulated backend as a process that can be killed, frozen and started again on the same port. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Effect } from '../../../mocks/index.ts';
import type { CampaignRecord } from '../../../src/adapters/contract.ts';
import { backendBundle } from './bundle.ts';

/** A server that has not printed its address within this time (ms) has failed to start. */
const START_MS = 30_000;
/** A server that has not answered within this time (ms) hangs. */
const ANSWER_MS = 60_000;

/** The state that the backend reports about itself. */
export interface SimulationState {
  readonly epoch: string;
  readonly systems: readonly {
    readonly system: string;
    readonly cursor: string;
    readonly openFeeds: number;
    readonly campaigns: readonly CampaignRecord[];
  }[];
}

/** Options to start a backend; the command's `--help` explains them. */
export interface Start {
  /** The data folder. Default: the one of the previous start. `null`: no folder. */
  readonly data?: string | null;
  /** The older state to restore. */
  readonly restore?: string;
  readonly sampleData?: 'default' | 'empty';
}

/** A backend process that can be killed. */
export class BackendProcess {
  /** Stays the same across restarts. */
  readonly url: string;
  readonly #port: number;
  #child: ChildProcess | undefined;
  #data: string | null;

  private constructor(url: string, child: ChildProcess, data: string | null) {
    this.url = url;
    this.#port = Number(new URL(url).port);
    this.#child = child;
    this.#data = data;
  }

  /** Starts a backend on a free port, which it keeps across restarts. It ends with the test. */
  static async start(t: TestContext, { data = null, ...start }: Start = {}): Promise<BackendProcess> {
    const { child, url } = await launch({ ...start, data }, 0);
    const backend = new BackendProcess(url, child, data);
    t.after(() => backend.#child?.kill('SIGKILL'));
    return backend;
  }

  get port(): number {
    return this.#port;
  }

  /** Kills the process at once, whatever it is doing. */
  async kill(): Promise<void> {
    const child = this.#child!;
    if (child.exitCode !== null || child.signalCode !== null) assert.fail('it had ended by itself');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    this.#child = undefined;
  }

  /** Starts it again after a {@link kill}, on the same port. */
  async restart({ data = this.#data, ...start }: Start = {}): Promise<void> {
    this.#data = data;
    this.#child = (await launch({ ...start, data }, this.#port)).child;
  }

  /** Freezes the process: its connections stay open, and it does not answer. */
  freeze(): void {
    this.#child!.kill('SIGSTOP');
  }

  /** Continues the process after a {@link freeze}. */
  thaw(): void {
    this.#child!.kill('SIGCONT');
  }

  /** Runs a control of the backend. @returns what the control returns */
  async order(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const answer = await this.#request({ method: 'POST', body: JSON.stringify({ do: name, with: args }) });
    const body = (await answer.json()) as { result?: unknown };
    assert.ok(answer.ok, `${name}: ${JSON.stringify(body)}`);
    return body.result;
  }

  async stage(): Promise<SimulationState> {
    return (await (await this.#request()).json()) as SimulationState;
  }

  /** All campaigns of a system, by id. */
  async campaigns(system: string): Promise<ReadonlyMap<string, CampaignRecord>> {
    const { systems } = await this.stage();
    const { campaigns } = systems.find((one) => one.system === system)!;
    return new Map(campaigns.map((record) => [record.id, record]));
  }

  /** The effects of each Idempotency-Key. */
  async effects(): Promise<ReadonlyMap<string, readonly Effect[]>> {
    const byKey = new Map<string, Effect[]>();
    for (const effect of (await this.order('effects')) as Effect[])
      byKey.set(effect.idempotencyKey, [...(byKey.get(effect.idempotencyKey) ?? []), effect]);
    return byKey;
  }

  /** Each request uses a new connection: the server may close a kept one just as the next request leaves. */
  #request(init?: RequestInit): Promise<Response> {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return fetch(`${this.url}/_sim`, { ...init, headers: { connection: 'close' }, signal });
  }
}

async function launch(
  { data, restore, sampleData }: Start,
  port: number,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const args = [
    ...['--port', String(port)],
    ...(data === undefined || data === null ? [] : ['--data', data]),
    ...(restore === undefined ? [] : ['--restore', restore]),
    ...(sampleData === undefined ? [] : ['--sample-data', sampleData]),
  ];
  const child = spawn(process.execPath, [await backendBundle(), 'backend', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`it says nothing for ${START_MS} ms`)), START_MS);
      let line = '';
      child.stdout.on('data', (bytes: Buffer) => {
        line += bytes.toString();
        if (!line.includes('\n')) return;
        clearTimeout(late);
        resolve(line.split('\n')[0]!);
      });
      child.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`it ended with code ${code}`));
      });
    });
    return { child, url };
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`The backend did not start: ${(error as Error).message}. ${stderr}`, { cause: error });
  }
}

/** A folder that is deleted after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'killed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
