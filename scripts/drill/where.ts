import { identifyStack } from "../../infra/settings/stacks.ts";
import { UserError } from "../sandbox/user-error.ts";
import { KEY_VARIABLES } from "./atlas/credentials.ts";

export interface RestoreRequest {
  /** As it was given; undefined: staging, and nothing that depends on it. */
  readonly stack: string | undefined;
  readonly local: boolean;
  readonly sandbox: boolean;
  readonly yes: boolean;
  readonly address: string | undefined;
}

export interface Where {
  readonly where: "local" | "atlas";
  /** Said before anything happens, where nobody asked for it in so many words. */
  readonly because: string | undefined;
}

/** Why the stack takes no drill; undefined where it does. */
function refusal(stack: string): string | undefined {
  switch (identifyStack(stack)?.environment) {
    case "staging":
      return undefined;
    case "production":
      return "a drill never touches production: its snapshots are restored by the steps of docs/disaster-recovery.md";
    case "preview":
      return "a preview is made again, not restored: only staging has a drill";
    case undefined:
      return `there is no stack ${JSON.stringify(stack)}: only staging has a drill`;
  }
}

const forAtlas = ({ stack, yes, address }: RestoreRequest): string | undefined =>
  stack !== undefined ? "--stack" : yes ? "--yes" : address !== undefined ? "--address" : undefined;

/**
 * Where the restore drill runs: in Atlas where there is a key, on this machine where it is asked for, or where there is
 * no key and nothing was said that only Atlas needs. Throws a UserError where the stack takes no drill, and where
 * somebody who means Atlas has no key: a drill on a laptop must not pass for one of the real backups.
 */
export function whereOf(request: RestoreRequest, hasKey: boolean): Where {
  const refused = refusal(request.stack ?? "staging");
  if (refused !== undefined) throw new UserError(refused, 2);
  if (request.local) return { where: "local", because: undefined };
  if (request.sandbox)
    return { where: "local", because: "the sandbox's Atlas holds no data, so the drill runs on this machine" };
  if (hasKey) return { where: "atlas", because: undefined };
  const meant = forAtlas(request);
  if (meant !== undefined)
    throw new UserError(
      `${meant} is of the drill in Atlas, which needs a key: set ${KEY_VARIABLES.join(" and ")}, or add --local`,
    );
  return {
    where: "local",
    because: `there is no key of Atlas in this shell (${KEY_VARIABLES[0]}), so the drill runs on this machine, as with --local`,
  };
}
