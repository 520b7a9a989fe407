import type { Engine } from "../../engines/engine.ts";
import { UserError } from "../../sandbox/user-error.ts";

/** Where a stack's database is, in Atlas. */
export interface DatabasePlace {
  readonly projectId: string;
  readonly clusterName: string;
}

/** From the outputs of the stack. Throws a UserError where there is no stack, or it was never up. */
export async function databasePlace(engine: Pick<Engine, "outputs">, stack: string): Promise<DatabasePlace> {
  const outputs = (await engine.outputs(stack)) ?? {};
  const { databaseProjectId: projectId, databaseClusterName: clusterName } = outputs;
  if (typeof projectId === "string" && typeof clusterName === "string") return { projectId, clusterName };
  throw new UserError(
    `the stack ${stack} has no outputs databaseProjectId and databaseClusterName: bring it up first, as docs/accounts.md says`,
  );
}
