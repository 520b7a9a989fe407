import { type Environment, variableFacts, variables } from "../environment.ts";

/** The values of the variables that are marked as secrets. */
export const secretsOf = (environment: Environment): string[] =>
  Object.entries(variables.shape).flatMap(([name, schema]) => {
    const value = environment[name as keyof Environment];
    return variableFacts.get(schema)?.secret === true && typeof value === "string" ? [value] : [];
  });
