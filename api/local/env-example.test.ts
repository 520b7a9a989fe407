import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readEnvironment, variableFacts, variables } from "../src/environment.ts";
import { envExample } from "./env-example-text.ts";

/** As it is where every # before a variable is taken away. */
const uncommented = (): NodeJS.Dict<string> => parseEnv(envExample().replaceAll(/^#([A-Z])/gm, "$1"));

describe("the API's .env.example", () => {
  it("is up to date: node api/local/env-example.ts --write", () => {
    assert.equal(readFileSync(join(import.meta.dirname, "../.env.example"), "utf8"), envExample());
  });

  it("names every variable and says what each is for", () => {
    assert.deepEqual(Object.keys(uncommented()).sort(), Object.keys(variables.shape).sort());
    const words = envExample().replaceAll(/\n# /g, " ");
    for (const [variable, schema] of Object.entries(variables.shape))
      assert.ok(words.includes(variableFacts.get(schema)?.purpose ?? "?"), variable);
  });

  it("sets nothing as it is, and says the defaults", () => {
    assert.deepEqual(parseEnv(envExample()), {});
    const given = Object.fromEntries(Object.entries(uncommented()).filter(([, value]) => value !== ""));
    assert.deepEqual(readEnvironment(given), readEnvironment({}));
  });

  it("holds no value of a secret", () => {
    const values = uncommented();
    for (const [variable, schema] of Object.entries(variables.shape))
      if (variableFacts.get(schema)?.secret === true) assert.equal(values[variable], "", variable);
  });
});
