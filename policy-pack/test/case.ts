import type { Json, Level, Sent } from "./analyzer.ts";

/**
 * One situation that a rule meets, sent to the pack's own process.
 * `passes`: nothing is found, and nothing is undecided. `waits`: undecided until up. A list of patterns: exactly these
 * findings of the rule, each of whose messages matches its pattern.
 */
export interface Case {
  readonly rule: string;
  readonly when: string;
  /** One resource before it exists, or a whole stack at the end. */
  readonly given: Sent | readonly Sent[];
  readonly result: "passes" | "waits" | readonly RegExp[];
  /** Settings of the rule, where the case is about them. */
  readonly config?: { readonly level?: Level; readonly [setting: string]: Json | undefined };
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

/** A case without its rule: when, given, result, and settings where it is about them. */
export type Row = readonly [string, Case["given"], Case["result"], Case["config"]?];

/** The cases of one rule, a row for each. */
export const casesOf = (rule: string, rows: readonly Row[]): readonly Case[] =>
  rows.map(([when, given, result, config]) => ({
    rule,
    when,
    given,
    result,
    ...(config === undefined ? {} : { config }),
  }));
