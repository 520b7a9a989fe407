import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identifyStack } from "../../infra/settings/stacks.ts";
import { sarifText } from "../policy/formats/sarif.ts";
import { OWN_PACK } from "../policy/pack.ts";
import type { PullRequestReport, StackReport } from "./schema.ts";

/** A file for each stack, made here of what was checked: the artifact itself holds none. */
export function writeSarif(directory: string, report: PullRequestReport): void {
  mkdirSync(directory, { recursive: true });
  for (const stack of report.stacks) writeFileSync(join(directory, `${stack.stack}.sarif`), sarifOf(stack));
}

const sarifOf = ({ stack, findings, checked }: StackReport): string =>
  sarifText({
    stack,
    environment: identifyStack(stack)?.environment ?? "",
    from: "a pull request",
    configFile: undefined,
    findings: findings.map((finding) => ({ ...finding, message: `${finding.property}: ${finding.wrong}` })),
    exempt: [],
    undecided: [],
    rules: OWN_PACK.rules.map((rule) => ({ rule, level: rule.level })),
    resources: checked.resources,
  });
