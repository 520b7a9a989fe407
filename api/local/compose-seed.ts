import { EnvironmentError, readEnvironment } from "../src/environment.ts";
import { localKeySet, localTokens, tokenLines } from "./keys.ts";
import { seed } from "./seed.ts";

/** The API reads the file as another user, and nobody else sees the volume that it is in. */
const KEYS_MODE = 0o644;

// What compose.yaml runs once, before the API: practice maps, keys, and a token for each role.
try {
  const environment = readEnvironment(process.env);
  const { MONGODB_URI, MONGODB_DATABASE, JWT_KEYS_FILE: keysFile } = environment;
  if (keysFile === undefined) throw new EnvironmentError(["JWT_KEYS_FILE: must say where the keys are kept"]);
  const { users, inserted } = await seed(MONGODB_URI, MONGODB_DATABASE);
  console.log(`practice maps of ${users.join(", ")}: ${inserted} of ${users.length} are new`);
  const tokens = await localTokens(await localKeySet(keysFile, KEYS_MODE), environment);
  console.log(tokenLines(tokens).join("\n"));
} catch (error) {
  console.error(`seed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
