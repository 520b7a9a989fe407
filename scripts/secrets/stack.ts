import { type Target, targetOf } from "../target.ts";
import type { SecretsStack } from "./commands.ts";

/** What the project's files say of a stack. Throws a `UserError` where they are wrong, or there is no such stack. */
export function secretsStack(root: string, stack: string): SecretsStack {
  const { project, environment, accountId, region }: Target = targetOf(stack, root);
  return { project, stack, environment, accountId, region };
}
