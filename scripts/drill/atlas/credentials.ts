import { UserError } from "../../sandbox/user-error.ts";
import type { AtlasKey } from "./client.ts";

export const KEY_VARIABLES = ["MONGODB_ATLAS_PUBLIC_KEY", "MONGODB_ATLAS_PRIVATE_KEY"] as const;

/**
 * The key that docs/accounts.md puts into the shell, as the program's provider reads it; undefined where there is none.
 * Throws a UserError where one of the two is missing.
 */
export function atlasKey(env: NodeJS.ProcessEnv): AtlasKey | undefined {
  const [publicKey = "", privateKey = ""] = KEY_VARIABLES.map((name) => env[name]);
  if (publicKey === "" && privateKey === "") return undefined;
  const missing = KEY_VARIABLES.find((name) => (env[name] ?? "") === "");
  if (missing !== undefined) throw new UserError(`${missing} is not set, and the other half of the key is`, 2);
  return { publicKey, privateKey };
}
