import type { CampaignAdapter } from '../adapters/contract.ts';
import type { Timeouts } from './subject.ts';
import type { Trace } from './trace.ts';

/** What the cases of one subject have found out so far. Later cases use it instead of finding out again. */
export class Findings {
  /** The rules that are broken. */
  readonly broken = new Set<string>();
  /** The optional members that the adapter has. */
  adapterMembers: readonly string[] = [];
  /** A feed has completed a snapshot, so the backend is reachable and accepts the adapter. */
  reached = false;
  /** No feed can be opened, so there is nothing to check. */
  outOfReach = false;
  /** The adapter starts without a session and has `reauthenticate`. `undefined`: not known yet. */
  signedOut: boolean | undefined;
  /** The members of a backend control, such as `control.seed`, that have worked. */
  readonly worked = new Set<string>();
  /** Members that failed before they ever worked, each with the rule in whose case. They are not called again. */
  readonly failedIn = new Map<string, string>();
}

/** What the backend control and the feeds of a case share. */
export interface CaseParts {
  /** The id of the rule that is checked. */
  readonly rule: string;
  readonly adapter: CampaignAdapter<unknown>;
  readonly system: string;
  readonly timeouts: Timeouts;
  /** The share of the usual time to wait for messages of a feed. */
  readonly patience: number;
  readonly trace: Trace;
  readonly findings: Findings;
}
