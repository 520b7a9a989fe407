import type { EnforcementLevel, Severity } from "@pulumi/policy";
import type { Run } from "./run.ts";
import type { Stack } from "./stack.ts";
import type { Plain, PlainMap, Unknown } from "./unknown.ts";

/** A resource as checks see it: its inputs before it exists, or its outputs at the end of a run. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: PlainMap;
  /** Whether the program protects it from deletion. */
  readonly protect: boolean;
  /** The inputs of the provider that it belongs to; absent where the engine did not say. */
  readonly provider: PlainMap | undefined;
}

/** A resource of the whole stack, with the URNs that it came from. */
export interface StackResource extends Resource {
  /** URN of its component; "" for the stack's own. */
  readonly parent: string;
  /** All that it depends on, by `dependsOn` or by value. */
  readonly dependencies: ReadonlySet<string>;
  /** What each property's value came from. */
  readonly references: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is wrong on which property, and the exact change that mends it. The reason is the rule's. */
export interface Violation {
  /** `ingress[0].cidrBlocks[1]`; no colon in it. */
  readonly property: string;
  /** Half a sentence without a full stop at its end: "it is false". */
  readonly wrong: string;
  /** An order without a full stop at its end: "set multiAzEnabled: true". */
  readonly fix: string;
  /** Only for a stack's check: the resource that is at fault. */
  readonly urn?: string;
}

/** The check could not decide, because this value is not known yet. */
export interface Undecided {
  readonly property: string;
  readonly unknown: Unknown;
  /** Only for a stack's check: the resource that it is about. */
  readonly urn?: string;
}

export type Finding = Violation | Undecided;

export const isUndecided = (finding: Finding): finding is Undecided => "unknown" in finding;

/** The rule's settings: its defaults, and over them what the configuration file says. */
export type Config = PlainMap;

export type Find = (resource: Resource, config: Config) => readonly Finding[];

export interface ResourceCheck {
  /** Type tokens, or a test of them where the rule is about every type of a kind. */
  readonly types: readonly string[] | ((type: string) => boolean);
  /**
   * What an unknown value means at preview. `defer`: listed as not yet checked, and enforced at up before the
   * resource exists. `refuse`: a violation, because the value must stand in the program.
   */
  readonly unknown: "defer" | "refuse";
  readonly find: Find;
}

/** A setting of a rule, as JSON schema. */
export interface Setting {
  readonly type: "number" | "string" | "array" | "object";
  readonly description: string;
  readonly default: Plain;
}

/** An input that a remediation sets: `["tags", "Owner"]`. */
export interface Remedy {
  readonly path: readonly string[];
  readonly value: boolean | number | string;
}

/** A guardrail: data and pure checks. Registration is the same for all of them. */
export interface Rule {
  /** Unique; what configuration and exemptions call it: `<service>-<what must hold>`. */
  readonly name: string;
  /** One line: what must hold. */
  readonly description: string;
  /** One sentence, part of every message. */
  readonly why: string;
  readonly severity: Severity;
  /** Where no configuration says otherwise. */
  readonly level: EnforcementLevel;
  /** Rules of public standards and scanners that ask the same, spelled as in test/rules.test.ts: "FSBP S3.8". */
  readonly standards: readonly string[];
  /** How to mend it, as an order, for docs/policies.md; only where the fixes of its cases do not say it. */
  readonly mend?: string;
  readonly settings?: Readonly<Record<string, Setting>>;
  /** Before each operation, on inputs. */
  readonly resources?: readonly ResourceCheck[];
  /** At the end of each preview and up, on outputs. */
  readonly stack?: (stack: Stack, config: Config) => readonly Finding[];
  /** About the run itself: what was exempt, what could not be decided. */
  readonly run?: (run: Run, stack: Stack) => readonly Violation[];
  /** What to set on inputs so that the check passes; done only where the rule's level is "remediate". */
  readonly remedy?: (resource: Resource, config: Config) => readonly Remedy[];
}

/** The message that a person reads: which property, what, why, and how to mend it. */
export function messageOf(rule: Pick<Rule, "why">, violation: Violation): string {
  return `${violation.property}: ${violation.wrong}. ${rule.why} Fix: ${violation.fix}.`;
}

/** What is wrong with a refused unknown. */
export const NOT_KNOWN = "its value is not known at preview, so nothing can say that it is safe";

/** A refused unknown as the violation that it is. */
export function refusal({ property, urn }: Undecided): Violation {
  return {
    property,
    wrong: NOT_KNOWN,
    fix: `set ${property} to a literal value instead of another resource's output`,
    ...(urn === undefined ? {} : { urn }),
  };
}
