import type { Colors } from "../sandbox/cli/display/colors.ts";
import { columns } from "../columns.ts";
import type { Facts } from "./facts.ts";
import type { SettingRow } from "./settings.ts";

const environmentNames = ["production", "staging", "preview"] as const;

function settingLines(row: SettingRow, colors: Colors): string[] {
  return [
    colors.cyan(row.setting),
    ...columns(environmentNames.map((name) => [`  ${name}`, row[name]])),
    colors.dim(`  ${row.why}`),
  ];
}

/** The same as the document, for a terminal: what differs, then variables and secrets. */
export function environmentLines({ settings, facts, variables, secrets }: Facts, colors: Colors): string[] {
  const differing = settings.filter(({ differs }) => differs);
  const head = (text: string): string[] => ["", colors.bold(text)];
  return [
    ...head(`What differs: ${differing.length} of ${settings.length} settings`),
    ...differing.flatMap((row) => settingLines(row, colors)),
    ...head("Facts of the accounts"),
    ...columns([["key", "production", "staging"], ...facts.map((row) => [row.key, row.production, row.staging])]),
    ...head("Variables"),
    ...columns([
      ["reader", "variable", "required in", "otherwise", "source", "owner"],
      ...variables.map((row) => [row.reader, row.variable, row.requiredIn, row.otherwise, row.source, row.owner]),
    ]),
    ...head("Secrets"),
    ...columns([
      ["secret", "origin", "reader", "owner", "environments"],
      ...secrets.map((row) => [row.secret, row.origin, row.reader, row.owner, row.environments]),
    ]),
  ];
}
