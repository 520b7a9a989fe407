import { format, resolveConfig } from "prettier";
import type { RuleFacts } from "./facts.ts";

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** As it is, whatever Markdown it looks like. */
const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);
const prose = (text: string): string => text.replaceAll(/[\\`*[\]<>]|\b_|_\b/g, "\\$&");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function levelText({ levels }: RuleFacts): string {
  const distinct = [...new Set(levels.map(({ level }) => level))];
  const reasons = levels.filter(({ reason }) => reason !== "");
  const [only] = distinct;
  if (only !== undefined && distinct.length === 1 && reasons.length === 0) return `${only} everywhere`;
  return levels.map(({ environment, level }) => `${level} in ${environment}`).join(", ");
}

function ruleSection(facts: RuleFacts): string {
  const { rule, judges, mends, levels, settings, types } = facts;
  const reasons = Map.groupBy(
    levels.filter(({ reason }) => reason !== ""),
    ({ reason }) => reason,
  );
  return [
    `### ${rule.name}`,
    `${prose(rule.description)} ${prose(rule.why)}`,
    [
      `- **Severity and level**: ${rule.severity}; ${levelText(facts)}.`,
      ...[...reasons].map(
        ([reason, where]) => `  - In ${where.map(({ environment }) => environment).join(" and ")}: ${prose(reason)}`,
      ),
      ...mendLines(mends),
      ...judges.map((what) => `- **Judges** ${what}.`),
      ...(types.length === 0
        ? []
        : [`- **Types**: ${types.map((type) => (type.includes(":") ? code(type) : type)).join(", ")}.`]),
      ...(rule.standards.length === 0 ? [] : [`- **Standards**: ${rule.standards.map(prose).join(", ")}.`]),
    ].join("\n"),
    ...(settings.length === 0
      ? []
      : [
          table(
            ["setting", "value", "meaning"],
            settings.map(({ name, value, description }) => [code(name), code(value), prose(description)]),
          ),
        ]),
  ].join("\n\n");
}

function mendLines(mends: RuleFacts["mends"]): string[] {
  const [only] = mends;
  if (only === undefined) return [];
  if (mends.length === 1) return [`- **How to mend it**: ${prose(only.fix)}.`];
  return [
    "- **How to mend it**, for example:",
    ...mends.map(({ property, fix }) => `  - ${code(property)}: ${prose(fix)}.`),
  ];
}

function document(all: readonly RuleFacts[]): string {
  const sorted = all.toSorted((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
  const services = [...Map.groupBy(sorted, ({ service }) => service)];
  return [
    "# Policies",
    "Written by `npm run policy -- docs --write` from [policy-pack/policies/](../policy-pack/policies/all.ts), their cases, and [policy-pack/config/](../policy-pack/config): change those, not this. A test fails where they differ.",
    `${all.length} rules. A mandatory one stops a preview, and an up before the resource is made; an advisory one is told. An exemption stands in [policy-pack/exemptions.ts](../policy-pack/exemptions.ts) with its reason, its owner, and its last day. \`npm run policy -- --state FILE\` judges what \`pulumi stack export\` wrote.`,
    services.map(([service, rules]) => `- [${service}](#${service}): ${rules.length}`).join("\n"),
    ...services.flatMap(([service, rules]) => [`## ${service}`, ...rules.map(ruleSection)]),
  ].join("\n\n");
}

/** The page as it lies in docs/, formatted as everything there. `file` is its path. */
export async function policiesDocument(facts: readonly RuleFacts[], file: string): Promise<string> {
  return format(document(facts), { ...(await resolveConfig(file)), filepath: file });
}
