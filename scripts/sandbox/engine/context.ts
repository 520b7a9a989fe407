import type { LimitFunction } from "p-limit";
import type { ResourceState } from "../state/resource.ts";
import type { Callbacks } from "./callbacks.ts";
import type { Goal } from "./goal.ts";
import type { Hooks } from "./hooks.ts";
import type { RunOptions } from "./options.ts";
import type { PolicyPacks } from "./policy-packs.ts";
import type { Providers } from "./providers.ts";
import type { Recorder } from "./recorder.ts";
import type { Report } from "./report.ts";

/** Everything that the parts of one run share. */
export interface Context {
  readonly options: RunOptions;
  readonly preview: boolean;
  /** URN of the root stack. */
  readonly stackUrn: string;
  /** States of before the run, in their order. */
  readonly olds: readonly ResourceState[];
  /** The one by each URN that is not waiting for its deletion. */
  readonly oldByUrn: ReadonlyMap<string, ResourceState>;
  /** URNs that a registration was planned for. */
  readonly registered: Set<string>;
  /** URNs that have a step in this run. */
  readonly planned: Set<string>;
  /** Old URN to the new one of the registration that took its state over. */
  readonly takenOver: Map<string, string>;
  /** The same the other way round: new URN to the old one that its state was found under. */
  readonly formerUrns: Map<string, string>;
  /** Old states that a registration has taken over. */
  readonly claimed: Set<ResourceState>;
  /** Old states that this run deleted before their replacement, and what forced it. */
  readonly deletedFirst: Map<ResourceState, readonly string[]>;
  /** URNs replaced in this run. */
  readonly replaced: Set<string>;
  /** URNs deleted in this run. */
  readonly deleted: Set<string>;
  /** The new state by URN. */
  readonly news: Map<string, ResourceState>;
  readonly goals: Map<string, Goal>;
  /** Not targeted and new: not made in this run. */
  readonly skipped: Set<string>;
  readonly recorder: Recorder;
  readonly providers: Providers;
  readonly callbacks: Callbacks;
  readonly hooks: Hooks;
  readonly packs: PolicyPacks;
  readonly report: Report;
  /** Bounds how many operations run at once. */
  readonly slots: LimitFunction;
  /** Whether only some resources are to be touched, and whether this is one. */
  readonly isTarget: (urn: string) => boolean;
  readonly now: () => string;
}
