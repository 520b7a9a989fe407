import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { Plain, PlainMap, Unknown } from "./unknown.ts";

/** A resource as checks see it: its inputs before it exists, or its outputs at the end of a run. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: PlainMap;
  /** The inputs of the provider that it belongs to; absent where the engine did not say. */
  readonly provider: PlainMap | undefined;
}

/** A resource of the whole stack, with the URNs that each property's value came from. */
export interface StackResource extends Resource {
  readonly references: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is wrong on which property, and the exact change that mends it. The reason is the rule's. */
export interface Violation {
  readonly property: string;
  readonly wrong: string;
  readonly fix: string;
  /** Only for a stack's check: the resource that is at fault. */
  readonly urn?: string;
}

/** The check could not decide, because this value is not known yet. */
export interface Undecided {
  readonly property: string;
  readonly unknown: Unknown;
}

export type Finding = Violation | Undecided;

export const isUndecided = (finding: Finding): finding is Undecided => "unknown" in finding;

export interface ResourceCheck {
  /** Type tokens, or a test of them where the rule is about every type of a kind. */
  readonly types: readonly string[] | ((type: string) => boolean);
  /**
   * What an unknown value means at preview. `defer`: reported as not yet checked, and enforced at up before the
   * resource exists. `refuse`: a violation, because the value must stand in the program.
   */
  readonly unknown: "defer" | "refuse";
  readonly find: (resource: Resource) => readonly Finding[];
}

/** A guardrail: data and pure checks. Registration is the same for all of them. */
export interface Rule {
  /** Unique; what configuration and exemptions call it. */
  readonly name: string;
  readonly description: string;
  /** One sentence, part of every message. */
  readonly why: string;
  readonly severity: Severity;
  /** Where no configuration says otherwise. */
  readonly level: EnforcementLevel;
  /** Rules of public standards and scanners that ask the same. */
  readonly standards: readonly string[];
  /** Before each operation, on inputs. */
  readonly resources?: readonly ResourceCheck[];
  /** At the end of each preview and up, on outputs. */
  readonly stack?: (resources: readonly StackResource[]) => readonly Violation[];
}

/** The message that a person reads: which property, what, why, and how to mend it. */
export function messageOf(rule: Pick<Rule, "why">, violation: Violation): string {
  return `${violation.property}: ${violation.wrong}. ${rule.why} Fix: ${violation.fix}.`;
}

/** A refused unknown as the violation that it is. */
export function refusal({ property }: Undecided): Violation {
  return {
    property,
    wrong: "its value is not known at preview, so nothing can say that it is safe",
    fix: `set ${property} to a literal value instead of another resource's output`,
  };
}

/** True, false, or the unknown value that the answer waits for. */
export type Verdict = boolean | Unknown;

/** The value itself where it is known and of the kind asked for. */
export const textOf = (value: Plain): string | undefined => (typeof value === "string" ? value : undefined);
