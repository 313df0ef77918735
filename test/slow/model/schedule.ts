import * as fc from 'fast-check';
import { backendCommands } from './commands-backend.ts';
import { networkCommands } from './commands-network.ts';
import { pageCommands } from './commands-page.ts';
import { userCommands } from './commands-user.ts';
import { ScheduledCommand, type Command, type Step } from './command.ts';
import { settle } from './settle.ts';
import type { ScheduleOptions } from './options.ts';
import { IDS, SYSTEMS } from './systems.ts';
import { Violation } from './violation.ts';
import { World } from './world.ts';

/** Everything that a run follows from, as it is recorded. */
export interface Schedule extends ScheduleOptions {
  readonly steps: readonly Step[];
}

/** All kinds of commands. */
export const COMMANDS: readonly Command[] = [...backendCommands, ...networkCommands, ...pageCommands, ...userCommands];
const byName = new Map(COMMANDS.map((one) => [one.name, one]));
/** Unless it is lost, the first answer has arrived by then (ms). */
const SETTLED_MS = 1000;
/** The most commands of a run. */
const MOST_STEPS = 50;

/** The settings of a schedule. */
export const settings: fc.Arbitrary<ScheduleOptions> = fc.record({
  seed: fc.noShrink(fc.integer()),
  roughness: fc.constantFrom(0, 1, 1, 2),
  opening: fc.constantFrom('lists' as const, 'tags' as const, 'lists' as const, 'nobody' as const),
  settled: fc.constantFrom(true, true, true, false),
  misbehaving: fc.constantFrom(false, false, true),
  hideWhenForbidden: fc.constantFrom(false, false, true),
});

/** The commands of a schedule. */
export const scheduledCommands: fc.Arbitrary<Iterable<fc.AsyncCommand<World, World>>> = fc.commands(
  [
    fc.oneof(
      ...COMMANDS.map((one) => ({
        weight: one.weight,
        arbitrary: one.steps.map((step) => new ScheduledCommand(one, step)),
      })),
    ),
  ],
  { maxCommands: MOST_STEPS, size: 'max', disableReplayLog: true },
);

/**
 * Turns recorded steps into commands.
 *
 * @throws Error for an unknown command, or one whose arguments have changed since
 */
function commandsOf(steps: readonly Step[]): ScheduledCommand[] {
  return steps.map((step) => {
    const found = byName.get(step.do);
    if (!found) throw new Error(`There is no command "${step.do}". There are: ${[...byName.keys()].join(', ')}.`);
    const [example] = fc.sample(found.steps, 1);
    const [has, wants] = [step, example!].map((one) => Object.keys(one).sort().join(', '));
    if (has !== wants) throw new Error(`The command "${step.do}" has other arguments by now: ${wants}, not ${has}.`);
    return new ScheduledCommand(found, step);
  });
}

/**
 * Runs a recorded schedule completely.
 *
 * @throws Error if a step is not possible at its place: the schedule no longer reaches what it was recorded for
 * @throws Violation as {@link runSchedule} does
 */
export async function replaySchedule({ steps, ...setting }: Schedule): Promise<void> {
  const all = commandsOf(steps);
  await runSchedule(setting, all);
  const skipped = all.find((one) => !one.played);
  if (skipped) throw new Error(`A kept schedule can not be played as it was: ${String(skipped)} was not possible.`);
}

/**
 * Runs a schedule, then heals the world and checks that the store shows the truth.
 *
 * @throws Violation with the trace so far
 */
export async function runSchedule(
  setting: ScheduleOptions,
  commands: Iterable<fc.AsyncCommand<World, World>>,
): Promise<void> {
  const world = new World(setting);
  const loud = silence();
  const caught = catchAll(world);
  // Every failed feed creates an error, and none of their stacks is read.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await open(world);
    await fc.scheduledModelRun(world.scheduler, () => ({ model: world, real: world }), commands);
    await settle(world);
  } catch (error) {
    if (error instanceof Error) error.message += `\n${world.trace.map((line) => line()).join('\n')}`;
    throw error;
  } finally {
    world.close();
    caught();
    loud();
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function open(world: World): Promise<void> {
  const { page, setting } = world;
  for (const system of SYSTEMS) {
    if (setting.opening === 'lists')
      for (const query of ['all', 'busy'] as const) page.observe({ what: 'list', system, query }, 'listens');
    if (setting.opening === 'tags')
      for (const id of IDS.slice(1)) page.observe({ what: 'campaign', system, id }, 'listens');
  }
  if (setting.settled) await world.flow(SETTLED_MS);
}

/** Uncaught errors would end a page's script, and this process. Returns a function that stops catching them. */
function catchAll(world: World): () => void {
  const uncaught = (error: unknown): void =>
    world.violated(new Violation('I10', `nobody caught ${error instanceof Error ? error.message : String(error)}`));
  process.on('uncaughtException', uncaught);
  return () => process.off('uncaughtException', uncaught);
}

/** Keeps the store's messages to developers out of the test output. Returns a function that ends this. */
function silence(): () => void {
  const { error } = console;
  console.error = () => {};
  return () => {
    console.error = error;
  };
}
