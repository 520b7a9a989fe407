import assert from "node:assert/strict";
import { contract, EnvironmentError, readEnvironment, variableFacts, variables } from "./environment.ts";

describe("the API's environment", () => {
  it("has a default for local work in every variable", () => {
    assert.deepEqual(readEnvironment({}), {
      ENVIRONMENT: "local",
      VERSION: "0.0.0",
      COMMIT: "unknown",
      HOST: "0.0.0.0",
      PORT: contract.port,
    });
  });

  it("is what the process was given, and cannot be changed", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const environment = readEnvironment({
      ENVIRONMENT: "staging",
      VERSION: "1.4.0",
      COMMIT: commit,
      PORT: "8080",
      HOME: "/",
    });
    assert.deepEqual(
      { ...environment },
      { ENVIRONMENT: "staging", VERSION: "1.4.0", COMMIT: commit, HOST: "0.0.0.0", PORT: 8080 },
    );
    assert.ok(Object.isFrozen(environment));
  });

  for (const [variable, value] of [
    ["ENVIRONMENT", "prod"],
    ["VERSION", ""],
    ["VERSION", "1 2"],
    ["COMMIT", "xyz"],
    ["PORT", "http"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["HOST", ""],
  ] as const) {
    it(`refuses ${variable}=${JSON.stringify(value)}, and names the variable but not the value`, () => {
      assert.throws(
        () => readEnvironment({ [variable]: value }),
        (error) => error instanceof EnvironmentError && error.message.startsWith(`${variable}: `),
      );
    });
  }

  it("reports every wrong variable at once", () => {
    assert.throws(
      () => readEnvironment({ PORT: "x", COMMIT: "y" }),
      (error) => error instanceof EnvironmentError && error.message.split("\n").length === 2,
    );
  });

  it("says of every variable what it is for, where it is from, and who answers for it", () => {
    for (const [name, schema] of Object.entries(variables.shape)) {
      assert.ok(variableFacts.get(schema)?.purpose.endsWith("."), name);
    }
  });
});

describe("the API's contract", () => {
  it("leaves time to close between draining and the kill, within Fargate's 120 seconds", () => {
    const { drainSeconds, stopTimeoutSeconds }: Readonly<Record<"drainSeconds" | "stopTimeoutSeconds", number>> =
      contract;
    assert.ok(drainSeconds < stopTimeoutSeconds && stopTimeoutSeconds <= 120);
  });

  it("has a path of its own for each check", () => {
    assert.deepEqual(Object.values(contract.paths), ["/heartbeat", "/health/live", "/health/ready"]);
  });
});
