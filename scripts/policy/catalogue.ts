import { columns } from "../columns.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import type { Rule } from "../../policy-pack/support/rule.ts";
import type { RuleFacts } from "./facts.ts";
import type { Environment } from "./pack.ts";

/** Every rule with its severity, and how each environment takes it. */
export function listLines(rules: readonly Rule[], environments: readonly Environment[], colors: Colors): string[] {
  const [head = "", ...rows] = columns([
    ["rule", "severity", ...environments.map(({ name }) => name)],
    ...rules
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((rule) => [rule.name, rule.severity, ...environments.map((environment) => environment.of(rule).level)]),
  ]);
  return [colors.bold(head), ...rows, "", `${rules.length} rules; \`npm run policy -- explain RULE\` says more of one`];
}

/** All that there is to say of one rule. */
export function explainLines(facts: RuleFacts, colors: Colors): string[] {
  const { rule, types, judges, mends, levels, settings } = facts;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", colors.bold(title), ...lines.map((line) => `  ${line}`)];
  return [
    `${colors.bold(rule.name)} ${colors.dim(`(${rule.severity})`)}`,
    rule.description,
    ...section("Why", [rule.why]),
    ...section(
      "How to mend it",
      mends.map(({ property, fix }) => (property === "" ? fix : `${property}: ${fix}`)),
    ),
    ...section("What it judges", judges),
    ...section("Levels", columns(levels.map(({ environment, level, reason }) => [environment, level, reason]))),
    ...section("Settings", columns(settings.map(({ name, value, description }) => [name, value, description]))),
    ...section("Types", types),
    ...section("Standards", rule.standards.length === 0 ? [] : [rule.standards.join(", ")]),
  ];
}
