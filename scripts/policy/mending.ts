import { NOT_KNOWN, type Rule } from "../../policy-pack/support/rule.ts";
import { toldBy } from "../../policy-pack/support/message.ts";
import type { Case } from "../../policy-pack/test/case.ts";
import { UserError, messageOf } from "../sandbox/user-error.ts";
import { withoutStack } from "./judge.ts";
import type { Pack } from "./pack.ts";

/** One way to mend a violation of a rule. */
export interface Mend {
  /** What it is about; "" where the rule says it for all. */
  readonly property: string;
  readonly fix: string;
}

// More of them say the same of other properties.
const MOST = 4;

/** How each rule's violations are mended: in its own words, or as the pack says it of the rule's failing cases. */
export async function mendsOf(
  { directory }: Pack,
  rules: readonly Rule[],
): Promise<ReadonlyMap<string, readonly Mend[]>> {
  const [{ judge, cases }, { startPack }] = await Promise.all([
    import("../../policy-pack/test/cases.ts"),
    import("../../policy-pack/test/analyzer.ts"),
  ]);
  const failing = Map.groupBy(
    cases.filter(({ result }) => typeof result !== "string"),
    ({ rule }) => rule,
  );
  const pack = await startPack(directory);
  const messagesOf = async (rule: Rule, example: Case): Promise<readonly string[]> => {
    try {
      const { found } = await judge(pack, example);
      return found.map(({ message }) => message);
    } catch (error) {
      throw new UserError(`${rule.name}, when ${example.when}: ${withoutStack(messageOf(error))}`);
    }
  };
  const learn = async (rule: Rule): Promise<readonly Mend[]> => {
    const found = new Map<string, Mend>();
    const all = failing.get(rule.name) ?? [];
    // Those with settings of their own would each need the pack to be configured anew.
    const plain = all.filter(({ config }) => config === undefined);
    const chosen = plain.length > 0 ? plain : all.slice(0, 1);
    for (const example of chosen) {
      note(rule, await messagesOf(rule, example), found);
      if (found.size >= MOST) break;
    }
    return [...found.values()].slice(0, MOST);
  };
  try {
    const mends = new Map<string, readonly Mend[]>();
    for (const rule of rules)
      mends.set(rule.name, rule.mend === undefined ? await learn(rule) : [{ property: "", fix: rule.mend }]);
    return mends;
  } finally {
    await pack.stop();
  }
}

/** Adds what mends each message's violation, once of each kind. */
function note(rule: Rule, messages: readonly string[], found: Map<string, Mend>): void {
  for (const message of messages) {
    const violation = toldBy(rule, message)?.violation;
    // That a value is not known yet says nothing of what it should be.
    if (violation === undefined || violation.wrong === NOT_KNOWN) continue;
    const { property, fix } = violation;
    const kind = kindOf({ property, fix });
    if (!found.has(kind)) found.set(kind, { property, fix });
  }
}

/** The same for every element of a list, and for every property of which the same is asked. */
function kindOf({ property, fix }: Mend): string {
  const name = /[A-Za-z]\w*$/.exec(property)?.[0];
  return (name === undefined ? fix : fix.replaceAll(name, "it")).replaceAll(/\[\d+\]/g, "[]");
}
