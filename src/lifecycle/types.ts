/**
 * A lifecycle is plain data: no functions in it, so that docs, the simulated backend and the conformance kit can print it.
 * Its words are English defaults; a word table overrides each by its path, such as `flows.statuses.active.label`.
 */

/** The colour family of a status. `neutral` is not here: it is what an unknown word gets. */
export type Tone = (typeof TONES)[number];
/** The tones a status may have. */
export const TONES = ['gray', 'blue', 'green', 'amber', 'orange', 'red'] as const;

/** The shape of a status, told apart without colour: a built-in one, or a host's own. Each at most once in a lifecycle. */
export type Icon = BuiltInIcon | IconPath;
/** The shapes that the kit brings. */
export type BuiltInIcon = (typeof ICONS)[number];
/** A shape of the host's own. */
export interface IconPath {
  /** SVG path data in a box of 16 by 16 units, filled by the even-odd rule. */
  readonly path: string;
}
/** The names of the built-in icons. */
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
  /** Short for `actions: [action]`. */
  action?: A;
  /**
   * The actions that this status offers, in order. The first is the button's; without any, no button shows. An action is enabled
   * if it leads somewhere from here; the first also waits for `needs`.
   */
  actions?: readonly A[];
  /** Prerequisites that the first action waits for. */
  needs?: readonly P[];
  /** The status a campaign turns into by itself once none of `needs` is missing; it falls back here when one is lost. */
  ready?: S;
  /** Where a fault while processing leads. Absent: this status does not process anything. */
  fault?: S;
  /** Where else the engine may take a campaign by itself, such as from `running` to `completed`. */
  moves?: readonly S[];
  /** May the campaign's content be edited? Absent: not stated. */
  editable?: boolean;
}

/** One action of a lifecycle: its words, and where it leads. */
export interface ActionDef<S extends string = string> {
  /** The verb on the button. */
  label: string;
  /** What the button says while the request is under way, without dots. */
  pending: string;
  /** Asks before the request goes out: always, or in some statuses only, each with its own question. */
  confirm?: Confirmation | { readonly [K in S]?: Confirmation };
  /** Asks for a text that is sent with the request, such as a reason. */
  input?: ActionInput;
  /**
   * Legal transitions, from -> to; whatever is absent is illegal. Several targets: the action may land in any of them. A status
   * may lead to itself, such as `restart` from `running`.
   */
  from: { readonly [K in S]?: S | readonly S[] };
}

/** The question that is asked before an action is sent. `{name}` stands for the campaign's name. */
export interface Confirmation {
  title: string;
  /** States the consequence in one sentence. */
  text: string;
  /** What the button that sends it says. */
  label: string;
}

/** A text that goes with an action. */
export interface ActionInput {
  label: string;
  /** The action is not sent without it. */
  required?: boolean;
  /** Only one of these can be given. Absent: any text. */
  options?: readonly string[];
  /** In characters. Default 500. */
  maxLength?: number;
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
  /**
   * The statuses in the order in which filters and tables show them. Default: that of `statuses`. Needed if a status is named by a
   * whole number: JavaScript puts such keys first.
   */
  order?: readonly NoInfer<S>[];
  actions: { readonly [K in A]: ActionDef<NoInfer<S>> };
  prerequisites?: { readonly [K in P]: PrerequisiteDef };
  recovery?: { readonly [K in NoInfer<S>]?: readonly RecoveryStep<NoInfer<S>, NoInfer<A>>[] };
}

declare const checked: unique symbol;

/** A status of a checked lifecycle: short forms are written out. */
export type Status<S extends string = string, A extends string = string, P extends string = string> = Readonly<
  StatusDef<S, A, P>
> & { readonly actions: readonly A[]; readonly moves: readonly S[]; readonly needs: readonly P[] };

/** An action of a checked lifecycle: short forms are written out. */
export type Action<S extends string = string> = Readonly<Omit<ActionDef<S>, 'from' | 'confirm'>> & {
  readonly from: { readonly [K in S]?: readonly S[] };
  /** By the status in which the action is asked for. */
  readonly confirm: { readonly [K in S]?: Confirmation };
};

/**
 * A checked, frozen table. Its inner tables have no prototype, so that any word from outside is safe to look up.
 * `Lifecycle` without arguments is any of them: that is what elements and the store take.
 */
export type Lifecycle<S extends string = string, A extends string = string, P extends string = string> = Readonly<
  Omit<LifecycleDef<S, A, P>, 'statuses' | 'actions' | 'order'>
> & {
  readonly statuses: { readonly [K in S]: Status<S, A, P> };
  /** The status words as they are shown, one after the other. */
  readonly statusOrder: readonly S[];
  readonly actions: { readonly [K in A]: Action<S> };
  readonly [checked]: true;
};

/** The status words of a lifecycle. */
export type StatusOf<L> = L extends Lifecycle<infer S, string, string> ? S : never;
/** The action words of a lifecycle. */
export type ActionOf<L> = L extends Lifecycle<string, infer A, string> ? A : never;
/** The prerequisite words of a lifecycle. */
export type PrerequisiteOf<L> = L extends Lifecycle<string, string, infer P> ? P : never;
