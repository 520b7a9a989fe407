/** What somebody wants to do. Each needs all that the ones before it need. */
export const PURPOSES = ["sandbox", "accounts", "deploy"] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface Check {
  readonly area: "tools" | "project" | "sandbox" | "variables" | "state" | "accounts";
  readonly name: string;
  /** `unreachable`: nobody answered, so that nothing is known. */
  readonly state: "ok" | "missing" | "wrong" | "unreachable";
  /** One line. */
  readonly says: string;
  /** From which purpose on it is needed; undefined where nothing needs it. */
  readonly neededFor: Purpose | undefined;
  /** What to type or to do where it is not ok. */
  readonly next?: string;
}

/** What `--json` prints. */
export interface DoctorReport {
  readonly for: Purpose;
  /** The stack whose accounts are meant. */
  readonly stack: string;
  /** Whether all that the purpose needs is there. */
  readonly ready: boolean;
  readonly checks: readonly Check[];
  /** The next command to type, or the next thing to do. */
  readonly next: string;
}

export const isNeeded = ({ neededFor }: Pick<Check, "neededFor">, purpose: Purpose): boolean =>
  neededFor !== undefined && PURPOSES.indexOf(neededFor) <= PURPOSES.indexOf(purpose);

/** What is in the way of the purpose, in the order in which it is to be put right. */
export const inTheWay = (checks: readonly Check[], purpose: Purpose): readonly Check[] =>
  checks.filter((check) => check.state !== "ok" && isNeeded(check, purpose));

export function doctorReport(
  checks: readonly Check[],
  { purpose, stack, hasStacks }: { readonly purpose: Purpose; readonly stack: string; readonly hasStacks: boolean },
): DoctorReport {
  const [first] = inTheWay(checks, purpose);
  return {
    for: purpose,
    stack,
    ready: first === undefined,
    checks,
    next: first === undefined ? afterwards(purpose, stack, hasStacks) : (first.next ?? first.says),
  };
}

function afterwards(purpose: Purpose, stack: string, hasStacks: boolean): string {
  switch (purpose) {
    case "sandbox":
      return hasStacks ? "npm run sandbox -- preview --stack staging --diff" : "npm start";
    case "accounts":
      return `npm run preview -- --stack ${stack}`;
    case "deploy":
      return `npm run up -- --stack ${stack}`;
  }
}
