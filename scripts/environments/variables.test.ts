import assert from "node:assert/strict";
import { secretRows, variableRows } from "./variables.ts";

describe("the rows of variables", () => {
  const rows = variableRows();
  const row = (reader: string, variable: string) =>
    rows.find((one) => one.reader === reader && one.variable === variable);

  it("are of the API, the sites, functions, and tools", () => {
    for (const reader of ["api", "storefront", "admin", "sandbox"])
      assert.ok(
        rows.some((one) => one.reader === reader),
        reader,
      );
    const names = rows.map(({ reader, variable }) => `${reader} ${variable}`);
    assert.equal(new Set(names).size, names.length);
  });

  it("say where a variable is required, and what counts otherwise", () => {
    assert.equal(row("api", "ENVIRONMENT")?.requiredIn, "everywhere");
    assert.equal(row("api", "ENVIRONMENT")?.otherwise, "local");
    assert.equal(row("api", "PORT")?.requiredIn, "nowhere");
    assert.equal(row("api", "SENTRY_DSN")?.requiredIn, "production, staging");
    assert.equal(row("api", "SENTRY_DSN")?.secret, true);
  });

  it("let no secret into what a browser gets", () => {
    for (const { variable, secret } of rows.filter(({ variable }) => /^(NEXT_PUBLIC|VITE)_/.test(variable)))
      assert.equal(secret, false, variable);
  });

  it("say which environments have a secret", () => {
    const environments = secretRows().map(({ secret, environments }) => [secret, environments]);
    assert.ok(environments.some(([secret, where]) => secret === "sentry-dsn" && where === "production, staging"));
    assert.ok(environments.some(([, where]) => where === "everywhere"));
  });
});
