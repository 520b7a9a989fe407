import { z } from "zod";
import { contract } from "../../../api/src/environment.ts";
import { ask, json } from "../ask.ts";
import { CheckFailure, type Check, type CheckContext } from "../check.ts";

// What is asked of it alone: an older release, which a rollback brings back, may say less or more.
const heartbeat = z.object({
  status: z.literal("alive"),
  version: z.string(),
  commit: z.string(),
  environment: z.string(),
});

/** Alive, the environment that was meant, and the release that was meant: a digest is one version of one commit. */
export const heartbeatCheck: Check = {
  name: "heartbeat",
  async run(context) {
    const answered = heartbeat.safeParse(
      await json(await ask(context, new URL(contract.paths.heartbeat, context.url)), 200),
    );
    if (!answered.success) throw new CheckFailure("answers something that is no heartbeat");
    const { version, commit, environment } = answered.data;
    const wrong = differences(context, { version, commit, environment });
    if (wrong.length > 0) throw new CheckFailure(wrong.join("; "));
    return `alive: ${version} of commit ${commit.slice(0, 12)}, ${environment}${uncompared(context)}`;
  },
};

interface Identity {
  readonly version: string;
  readonly commit: string;
  readonly environment: string;
}

function differences({ expected, environment, local }: CheckContext, found: Identity): string[] {
  const place = local ? "local" : environment;
  return [
    ...(found.environment === place ? [] : [`it says it is ${found.environment}, not ${place}`]),
    ...(expected.version === undefined || found.version === expected.version
      ? []
      : [`version ${found.version} runs, not ${expected.version}`]),
    ...(expected.commit === undefined || sameCommit(found.commit, expected.commit)
      ? []
      : [`commit ${found.commit} runs, not ${expected.commit}`]),
  ];
}

/** Either may be shortened, to 7 digits at least. */
const sameCommit = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

function uncompared({ expected }: CheckContext): string {
  const names = (["version", "commit"] as const).filter((name) => expected[name] === undefined);
  return names.length === 0 ? "" : `; not compared: ${names.join(", ")}`;
}
