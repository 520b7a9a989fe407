import assert from "node:assert/strict";
import { srvThrough } from "./network.ts";

const through = (endpointId: string, srvConnectionString: string) => ({
  endpoints: [{ endpointId }],
  srvConnectionString,
});

describe("the private connection string", () => {
  it("is the one through the own endpoint, not through another's of the project", () => {
    const endpoints = [through("vpce-other", "mongodb+srv://other"), through("vpce-own", "mongodb+srv://own")];
    assert.equal(srvThrough(endpoints, "vpce-own"), "mongodb+srv://own");
  });

  it("is none before Atlas has taken the endpoint in, or given it a name", () => {
    assert.equal(srvThrough([], "vpce-own"), undefined);
    assert.equal(srvThrough([through("vpce-other", "mongodb+srv://other")], "vpce-own"), undefined);
    assert.equal(srvThrough([through("vpce-own", "")], "vpce-own"), undefined);
  });
});
