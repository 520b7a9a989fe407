import { format, resolveConfig } from "prettier";
import type { Facts } from "./facts.ts";
import type { VariableRow } from "./variables.ts";

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
/** Text that is not to be read as Markdown. */
const code = (text: string): string => `\`${cell(text)}\``;
/** A value as it is, as code only where it would be read as Markdown. */
const value = (text: string): string => (/[*_<>[\]~]/.test(text) ? code(text) : cell(text));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function variableSection(reader: string, rows: readonly VariableRow[]): string {
  return [
    `### ${reader}`,
    table(
      ["variable", "required in", "otherwise", "source", "owner", "secret", "purpose"],
      rows.map(({ variable, requiredIn, otherwise, source, owner, secret, purpose }) => [
        code(variable),
        requiredIn,
        value(otherwise),
        source,
        owner,
        secret ? "yes" : "no",
        cell(purpose),
      ]),
    ),
  ].join("\n\n");
}

function document({ settings, facts, variables, secrets, stores }: Facts): string {
  const readers = [...new Set(variables.map(({ reader }) => reader))];
  return [
    "# Environments",
    "Written by `npm run environments -- --write` from the code that the program itself reads: change that, not this. A test fails where the two differ.",
    "## What differs",
    "From [infra/settings/environments.ts](../infra/settings/environments.ts), with the reason of each.",
    table(
      ["setting", "production", "staging", "preview", "why"],
      settings
        .filter(({ differs }) => differs)
        .map(({ setting, production, staging, preview, why }) => [
          code(setting),
          value(production),
          value(staging),
          value(preview),
          cell(why),
        ]),
    ),
    "## What is the same everywhere",
    table(
      ["setting", "value", "why"],
      settings
        .filter(({ differs }) => !differs)
        .map(({ setting, production, why }) => [code(setting), value(production), cell(why)]),
    ),
    "## Facts of the accounts",
    "From the stack files; previews use staging's. What each means stands in [accounts.md](accounts.md).",
    table(
      ["key", "production", "staging"],
      facts.map(({ key, production, staging }) => [code(key), value(production), value(staging)]),
    ),
    "## Variables",
    "Where a variable is required, its source always gives it; the column after it says what counts elsewhere.",
    ...readers.map((reader) =>
      variableSection(
        reader,
        variables.filter((row) => row.reader === reader),
      ),
    ),
    "## Secrets",
    "Entries of Secrets Manager, each read by exactly one role. Their values stand in no file.",
    table(
      ["secret", "origin", "reader", "owner", "environments", "purpose"],
      secrets.map(({ secret, origin, reader, owner, environments, purpose }) => [
        code(secret),
        origin,
        reader,
        owner,
        environments,
        cell(purpose),
      ]),
    ),
    "## Data, and what brings it back",
    "Recovery point (what is lost at most), recovery time, and retention: [infra/settings/recovery.ts](../infra/settings/recovery.ts).",
    table(
      ["data", "covered by", "production", "staging", "preview"],
      stores.map(({ holds, coveredBy, recovery }) => [
        cell(holds),
        cell(coveredBy),
        ...(["production", "staging", "preview"] as const).map((environment) => {
          const { point, time, retention } = recovery[environment];
          return cell(`${point}; ${time}; ${retention}`);
        }),
      ]),
    ),
  ].join("\n\n");
}

/** The page as it lies in docs/, formatted as everything there. `file` is its path. */
export async function environmentsDocument(facts: Facts, file: string): Promise<string> {
  return format(document(facts), { ...(await resolveConfig(file)), filepath: file });
}
