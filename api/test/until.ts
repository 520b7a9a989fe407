import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Resolves once it holds; fails where it does not within 20 s. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition() && Date.now() < deadline) await sleep(5);
  assert.ok(condition());
}
