import { inputProblem, type Lifecycle } from '../lifecycle/index.ts';

const TEXT = 'Sent by the conformance kit';

/** A text that an action accepts. `undefined` if the action asks for none. */
export function validInput(lifecycle: Lifecycle | undefined, action: string): string | undefined {
  const input = lifecycle?.actions[action]?.input;
  return input && (input.options?.[0] ?? TEXT.slice(0, input.maxLength));
}

/** What an action that asks for a text must refuse. `null`: no text. */
export function invalidInputs(lifecycle: Lifecycle, action: string): readonly (string | null)[] {
  const maxLength = lifecycle.actions[action]?.input?.maxLength;
  const candidates = [null, TEXT, ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)])];
  return candidates.filter((one) => inputProblem(lifecycle, action, one ?? undefined) !== undefined);
}
