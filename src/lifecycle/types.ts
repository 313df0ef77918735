/**
 * A lifecycle is plain data without functions, so that docs, the simulated backend and the conformance kit can print it. Its texts are
 * English defaults; `Translations.terms` overrides each by its path, such as `flows.statuses.active.label`.
 */

/** The colour family of a status. An unknown status gets `neutral`, which no definition can use. */
export type Tone = (typeof TONES)[number];
/** The tones a status may have. */
export const TONES = ['gray', 'blue', 'green', 'amber', 'orange', 'red'] as const;

/** The icon of a status, which distinguishes it without colour: a built-in one, or the host's own. Each at most once in a lifecycle. */
export type Icon = BuiltInIcon | IconPath;
/** The icons that the kit contains. */
export type BuiltInIcon = (typeof ICONS)[number];
/** An icon of the host's own. */
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
  /** The status that a campaign takes by itself once none of `needs` is missing. It returns here when one is missing again. */
  ready?: S;
  /** The status after a fault while processing. Absent: this status does not process anything. */
  fault?: S;
  /** Other statuses to which the engine may move a campaign by itself, such as from `running` to `completed`. */
  moves?: readonly S[];
  /**
   * A campaign that stays in this status longer than this (ms), without another message, is shown as stuck. It is measured from `at` of
   * its record; without `at` nothing is known. Absent: the status may last.
   */
  stuckAfterMs?: number;
  /** May the campaign's content be edited? Absent: not stated. */
  editable?: boolean;
}

/** One action of a lifecycle: its texts and transitions. */
export interface ActionDef<S extends string = string> {
  /** The verb on the button. */
  label: string;
  /** What the button says while the request is under way, without dots. */
  pending: string;
  /** Asks for confirmation before the request is sent: always, or in some statuses only, each with its own question. */
  confirm?: Confirmation | { readonly [K in S]?: Confirmation };
  /** Asks for a text that is sent with the request, such as a reason. */
  input?: ActionInput;
  /**
   * Legal transitions, from -> to; all others are illegal. With several targets, the action may lead to any of them. A status may lead
   * to itself, such as `restart` from `running`.
   */
  from: { readonly [K in S]?: S | readonly S[] };
}

/** The confirmation before an action is sent. `{name}` stands for the campaign's name. */
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
  /** In UTF-16 code units, as HTML counts its `maxlength`. Default 500. */
  maxLength?: number;
}

/** One step on the way out of a status that needs recovery. */
export interface RecoveryStep<S extends string = string, A extends string = string> {
  id: string;
  text: string;
  /** Done automatically when every known dependency of this kind runs, or the campaign has one of these statuses. Absent: the user ticks it. */
  done?: { dependency: string } | { status: readonly S[] };
  /** An action, the log or a link shown in the step. `link` is a name that the host resolves to an address. */
  offer?: { action: A } | { log: true } | { link: string };
}

/** A prerequisite and its texts. */
export interface PrerequisiteDef {
  label: string;
  /** What is missing and where to get it: one sentence. */
  missing: string;
  /** A name that the host resolves to the page where it can be supplied. */
  link?: string;
}

/** The definition that {@link defineLifecycle} checks. */
export interface LifecycleDef<S extends string = string, A extends string = string, P extends string = string> {
  /** The system's name in requests and records. */
  system: string;
  label: string;
  /** The status of a new campaign. */
  initial: NoInfer<S>;
  /** The system keeps an engine log, so the header offers Show logs. */
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

/** A status of a checked lifecycle, with short forms expanded. */
export type Status<S extends string = string, A extends string = string, P extends string = string> = Readonly<
  StatusDef<S, A, P>
> & { readonly actions: readonly A[]; readonly moves: readonly S[]; readonly needs: readonly P[] };

/** An action of a checked lifecycle, with short forms expanded. */
export type Action<S extends string = string> = Readonly<Omit<ActionDef<S>, 'from' | 'confirm' | 'input'>> & {
  readonly from: { readonly [K in S]?: readonly S[] };
  /** By the status in which the action is requested. */
  readonly confirm: { readonly [K in S]?: Confirmation };
  readonly input?: Readonly<ActionInput> & { readonly maxLength: number };
};

/**
 * A checked, frozen definition. Its inner tables have no prototype, so that any word from a backend is safe to look up. Elements and
 * the store take `Lifecycle` without arguments, which is any lifecycle.
 */
export type Lifecycle<S extends string = string, A extends string = string, P extends string = string> = Readonly<
  Omit<LifecycleDef<S, A, P>, 'statuses' | 'actions' | 'order'>
> & {
  readonly statuses: { readonly [K in S]: Status<S, A, P> };
  /** The statuses in the order in which they are shown. */
  readonly statusOrder: readonly S[];
  readonly actions: { readonly [K in A]: Action<S> };
  readonly [checked]: true;
};

/** The statuses of a lifecycle. */
export type StatusOf<L> = L extends Lifecycle<infer S, string, string> ? S : never;
/** The actions of a lifecycle. */
export type ActionOf<L> = L extends Lifecycle<string, infer A, string> ? A : never;
/** The prerequisites of a lifecycle. */
export type PrerequisiteOf<L> = L extends Lifecycle<string, string, infer P> ? P : never;
