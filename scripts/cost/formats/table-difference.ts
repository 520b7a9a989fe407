import type { Difference } from "../difference.ts";
import { aligned } from "./borderless.ts";
import type { TableOptions } from "./table.ts";
import { plural, shortName, signedPercent, signedUsd, usd } from "./words.ts";

const most = 20;
const signs = { added: "+", changed: "~", removed: "-" } as const;

/** What costs more or less than before, per stack and line. */
export function differenceLines({ against, stacks }: Difference, { colors, width }: TableOptions): string {
  const totals = stacks.map(({ stack, before, after, delta, part }) => [
    `  ${stack}`,
    usd(before.expected),
    usd(after.expected),
    signedUsd(delta),
    signedPercent(part),
  ]);
  const heads = [
    { head: "  stack", rest: true },
    ...["before", "after", "difference", ""].map((head) => ({ head, align: "right" as const })),
  ];
  const details = stacks
    .filter(({ lines }) => lines.length > 0)
    .map(({ stack, lines }) => {
      const rows = lines
        .slice(0, most)
        .map(({ change, urn, item, cause, delta }) => [
          `  ${signs[change]} ${shortName(urn)}`,
          signedUsd(delta),
          `${item}: ${cause}`,
        ]);
      const left = lines.length - most;
      const columns = [{ head: "" }, { head: "", align: "right" as const }, { head: "", rest: true }];
      return `${colors.bold(stack)}\n${aligned(columns, rows, width)}${left > 0 ? `\n  and ${plural(left, "line")} more` : ""}`;
    });
  return [`${colors.bold(`Against ${against}`)}\n${aligned(heads, totals, width)}`, ...details].join("\n\n");
}
