import type { Sent } from "./analyzer.ts";

/**
 * One situation that a rule meets, sent to the pack's own process.
 * `passes`: nothing is found. `waits`: undecided at preview, shown as Pulumi's advisory. A pattern: a mandatory
 * finding whose message matches; a list of them: exactly these findings.
 */
export interface Case {
  readonly rule: string;
  readonly when: string;
  /** One resource before it exists, or a whole stack at the end. */
  readonly given: Sent | readonly Sent[];
  readonly result: "passes" | "waits" | readonly RegExp[];
}

/** What required-tags asks for, so that only the rule in question fires. */
export const TAGS = {
  Project: "groundwork",
  Environment: "staging",
  Service: "media",
  Owner: "platform",
  CostCenter: "platform",
  ManagedBy: "pulumi",
  Stack: "staging",
};
