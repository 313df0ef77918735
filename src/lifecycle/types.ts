/**
 * A lifecycle is plain data: no functions in it, so that docs, the simulated backend and the conformance kit can print it.
 * Its words are English defaults; a word table overrides each by its path, such as `flows.statuses.active.label`.
 */

/** The colour family of a status. `neutral` is not here: it is what an unknown word gets. */
export type Tone = (typeof TONES)[number];
/** The tones a status may have. */
export const TONES = ['gray', 'blue', 'green', 'amber', 'orange', 'red'] as const;

/** The shape of a status, told apart without colour. A closed set, so that every pair of silhouettes is checked. */
export type Icon = (typeof ICONS)[number];
/** The icons a status may have, each once in a lifecycle. */
export const ICONS = [
  'square',
  'play-ring',
  'play',
  'dashed-ring',
  'diamond',
  'octagon-bang',
  'octagon-cross',
  'check',
  'clock',
  'cross',
] as const;

/** One status of a lifecycle. */
export interface StatusDef<S extends string = string, A extends string = string, P extends string = string> {
  /** What the tag shows. */
  label: string;
  tone: Tone;
  icon: Icon;
  /** What it means: one sentence. */
  meaning: string;
  /** What to do next: one sentence. */
  next?: string;
  /** The one action its button offers; absent, no button shows. It is enabled iff it leads somewhere from here and nothing in `needs` is missing. */
  action?: A;
  /** Prerequisites that `action` waits for. */
  needs?: readonly P[];
  /** The status a campaign turns into by itself once none of `needs` is missing; it falls back here when one is lost. */
  ready?: S;
  /** Where a fault while processing leads. Absent: this status does not process anything. */
  fault?: S;
  /** May the campaign's content be edited? Absent: not stated. */
  editable?: boolean;
}

/** One action of a lifecycle: its words, and where it leads. */
export interface ActionDef<S extends string = string> {
  /** The verb on the button. */
  label: string;
  /** What the button says while the request is under way, without dots. */
  pending: string;
  /** Asks before the request goes out. `text` states the consequence in one sentence. */
  confirm?: { title: string; text: string; label: string };
  /** Legal transitions, from -> to; whatever is absent is illegal. */
  from: { readonly [K in S]?: S };
}

/** One step on the way out of a status that needs recovery. */
export interface RecoveryStep<S extends string = string, A extends string = string> {
  id: string;
  text: string;
  /** Ticks itself: every known dependency of this kind runs, or the campaign has one of these statuses. Absent: ticked by hand. */
  done?: { dependency: string } | { status: readonly S[] };
  /** Put at hand in the step. `link` is a name that the host resolves to an address. */
  offer?: { action: A } | { log: true } | { link: string };
}

/** What a campaign waits for, in words. */
export interface PrerequisiteDef {
  label: string;
  /** What is missing and where to get it: one sentence. */
  missing: string;
  /** A name that the host resolves to the page where it can be supplied. */
  link?: string;
}

/** The table that {@link defineLifecycle} checks. */
export interface LifecycleDef<S extends string = string, A extends string = string, P extends string = string> {
  /** The word for the system on the wire. */
  system: string;
  label: string;
  /** The status of a new campaign. */
  initial: NoInfer<S>;
  /** It keeps an engine log: the header offers Show logs. */
  log?: boolean;
  statuses: { readonly [K in S]: StatusDef<NoInfer<S>, NoInfer<A>, NoInfer<P>> };
  actions: { readonly [K in A]: ActionDef<NoInfer<S>> };
  prerequisites?: { readonly [K in P]: PrerequisiteDef };
  recovery?: { readonly [K in NoInfer<S>]?: readonly RecoveryStep<NoInfer<S>, NoInfer<A>>[] };
}

declare const checked: unique symbol;

/**
 * A checked, frozen table. Its inner tables have no prototype, so that any word from outside is safe to look up.
 * `Lifecycle` without arguments is any of them: that is what elements and the store take.
 */
export type Lifecycle<S extends string = string, A extends string = string, P extends string = string> = Readonly<
  LifecycleDef<S, A, P>
> & { readonly [checked]: true };

/** The status words of a lifecycle. */
export type StatusOf<L> = L extends Lifecycle<infer S, string, string> ? S : never;
/** The action words of a lifecycle. */
export type ActionOf<L> = L extends Lifecycle<string, infer A, string> ? A : never;
/** The prerequisite words of a lifecycle. */
export type PrerequisiteOf<L> = L extends Lifecycle<string, string, infer P> ? P : never;
