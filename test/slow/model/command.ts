import * as fc from 'fast-check';
import { SimulationError } from '../../../mocks/index.ts';
import { settled } from '../../support/environment.ts';
import { atEveryStep } from './invariants.ts';
import { reached } from './coverage.ts';
import { IDS, SYSTEMS } from './systems.ts';
import type { World } from './world.ts';

/** One command with its arguments, as it is recorded. */
export interface Step {
  readonly do: string;
  /** The time (ms) before the next command may run. Messages on their way stay on their way meanwhile. */
  readonly after: number;
  readonly [argument: string]: unknown;
}

/** A kind of command. */
export interface Command {
  readonly name: string;
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
  readonly steps: fc.Arbitrary<Step>;
  possible(world: World, step: Step): boolean;
  run(world: World, step: Step): void | Promise<void>;
}

/** Declares a kind of command. */
export function command<Args extends object>(
  name: string,
  weight: number,
  args: fc.Arbitrary<Args>,
  run: (world: World, args: Args) => void | Promise<void>,
  possible: (world: World, args: Args) => boolean = () => true,
): Command {
  return {
    name,
    weight,
    steps: fc
      .tuple(args, fc.constantFrom(0, 0, 16, 100, 700))
      .map(([values, after]) => ({ do: name, ...values, after })),
    possible: (world, step) => possible(world, step as unknown as Args),
    run: (world, step) => run(world, step as unknown as Args),
  };
}

/** The arguments of a command that takes none. */
export const nothing = fc.constant({});
export const system = fc.record({ system: fc.constantFrom(...SYSTEMS) });
/** One campaign is chosen more often than the others, so that many things happen to it at once. */
export const campaign = fc.record({
  system: fc.constantFrom(...SYSTEMS, SYSTEMS[0]!, SYSTEMS[0]!),
  id: fc.constantFrom(...IDS, 'a' as const, 'a' as const, 'a' as const, 'b' as const, 'd' as const),
});

/** A step as a command of fast-check. */
export class ScheduledCommand implements fc.AsyncCommand<World, World> {
  /** True if the command could run. */
  played = false;

  constructor(
    private readonly command: Command,
    private readonly step: Step,
  ) {}

  check(world: Readonly<World>): boolean {
    return this.command.possible(world as World, this.step);
  }

  async run(world: World): Promise<void> {
    world.note(() => `— ${String(this)}`);
    this.played = true;
    reached(`command: ${this.command.name}`);
    try {
      await this.command.run(world, this.step);
    } catch (error) {
      // The command was possible when it was checked, but something else may have happened since.
      if (!(error instanceof SimulationError)) throw error;
    }
    await settled();
    atEveryStep(world);
    if (this.step.after === 0) return;
    await world.env.advance(this.step.after);
    atEveryStep(world);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}
