import { defaultPlaces, mongoProgram, redisProgram } from "./database-programs.ts";
import { DatabaseUnavailableError } from "./unavailable.ts";

/**
 * What mocha does once, before its workers begin: builds the databases' program where it must be built, which takes
 * longer than a test may. Where it cannot be, the tests that need it fail with the same words.
 */
export async function mochaGlobalSetup(): Promise<void> {
  const places = defaultPlaces();
  try {
    await mongoProgram(places);
    await redisProgram(places);
  } catch (error) {
    if (!(error instanceof DatabaseUnavailableError)) throw error;
    console.error(error.message);
  }
}
