import { columns } from "../columns.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { cut } from "../sandbox/cli/display/value-text.ts";
import { type Check, type DoctorReport, inTheWay, isNeeded, type Purpose } from "./checks.ts";

const WIDTH = 80;

const TITLES: Readonly<Record<Check["area"], string>> = {
  tools: "Tools",
  project: "Project",
  sandbox: "Sandbox",
  variables: "Variables",
  state: "State",
  accounts: "Accounts",
};

const PURPOSE_TITLES: Readonly<Record<Purpose, string>> = {
  sandbox: "the sandbox",
  accounts: "work in real accounts",
  deploy: "a deployment",
};

/** For people, in 80 columns; what is to be typed is not cut. */
export function doctorText({ for: purpose, stack, ready, checks, next }: DoctorReport, colors: Colors): string {
  const areas = Object.keys(TITLES) as Check["area"][];
  const lines = areas.flatMap((area) => {
    const ofArea = checks.filter((check) => check.area === area);
    if (ofArea.length === 0) return [];
    const rows = columns(ofArea.map((check) => [check.name, mark(check, purpose), check.says])).map((row) =>
      cut(row, WIDTH - 2),
    );
    const shown = rows.map((row, index) => painted(`  ${row}`, ofArea[index], purpose, colors));
    return [colors.bold(area === "accounts" ? `${TITLES[area]} of ${stack}` : TITLES[area]), ...shown];
  });
  const missing = inTheWay(checks, purpose).length;
  const others = checks.some((check) => check.state !== "ok" && !isNeeded(check, purpose));
  const verdict = ready
    ? `All that ${PURPOSE_TITLES[purpose]} needs is there.`
    : `For ${PURPOSE_TITLES[purpose]} ${missing === 1 ? "1 thing is" : `${missing} things are`} missing or wrong.`;
  return [
    ...lines,
    "",
    colors.bold(verdict),
    ...(others ? [`In brackets: ${PURPOSE_TITLES[purpose]} does without it.`] : []),
    `Next: ${next}`,
  ].join("\n");
}

/** In brackets where the purpose does without it. */
const mark = (check: Check, purpose: Purpose): string =>
  check.state === "ok" || isNeeded(check, purpose) ? check.state : `(${check.state})`;

function painted(line: string, check: Check | undefined, purpose: Purpose, colors: Colors): string {
  if (check === undefined || check.state === "ok") return line;
  return isNeeded(check, purpose) ? colors.red(line) : colors.dim(line);
}
