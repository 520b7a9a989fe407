import assert from "node:assert/strict";
import { databasePlace } from "./stack.ts";

describe("where a stack's database is", () => {
  const engine = (outputs: Record<string, unknown> | undefined) => ({ outputs: () => Promise.resolve(outputs) });

  it("stands in its outputs", async () => {
    const outputs = { databaseProjectId: "p", databaseClusterName: "c", apiUrl: "https://api.example.org" };
    assert.deepEqual(await databasePlace(engine(outputs), "staging"), { projectId: "p", clusterName: "c" });
  });

  for (const outputs of [undefined, {}, { databaseProjectId: "p" }])
    it(`is nowhere where the outputs are ${JSON.stringify(outputs)}`, async () => {
      await assert.rejects(databasePlace(engine(outputs), "staging"), /^UserError: the stack staging has no outputs/);
    });
});
