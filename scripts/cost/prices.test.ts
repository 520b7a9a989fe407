import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pricesFrom, type PriceRow, readPriceRows } from "./prices.ts";
import { priceProblems } from "./prices-check.ts";

const row: PriceRow = {
  id: "s3-standard-storage",
  provider: "AWS",
  service: "S3",
  item: "Standard storage",
  unit: "GB-month",
  above: "0",
  usd: "0.023",
  region: "us-east-1",
  source: "https://aws.amazon.com/s3/pricing/",
  asOf: "2026-10-04",
};

describe("the price list", () => {
  it("is sound, and covers every provider", () => {
    const rows = readPriceRows();
    assert.deepEqual(priceProblems(rows), []);
    assert.equal(new Set(rows.map(({ provider }) => provider)).size, 4);
  });

  it("has prices that agree with each other where providers say how they differ", () => {
    const prices = pricesFrom(readPriceRows());
    const usd = (id: string) => prices(id).tiers.at(-1)?.usd ?? assert.fail(id);
    for (const part of ["vcpu", "memory"]) {
      const arm = usd(`fargate-arm-${part}`)
        .dividedBy(usd(`fargate-x86-${part}`))
        .toNumber();
      assert.ok(Math.abs(arm - 0.8) < 0.005, `ARM ${part} is a fifth cheaper: ${arm}`);
      for (const chip of ["arm", "x86"])
        assert.equal(
          usd(`fargate-spot-${chip}-${part}`).toFixed(),
          usd(`fargate-${chip}-${part}`).times("0.3").toFixed(),
        );
    }
    for (const node of ["t4g-micro", "t4g-small", "t4g-medium", "t3-micro", "m7g-large", "r7g-large"])
      assert.equal(
        usd(`elasticache-valkey-${node}`).toFixed(),
        usd(`elasticache-redis-${node}`).times("0.8").toFixed(),
        `Valkey on ${node} is a fifth cheaper`,
      );
  });

  const faults: readonly (readonly [what: string, rows: readonly PriceRow[], problem: RegExp])[] = [
    ["an id twice with one tier", [row, row], /s3-standard-storage has two tiers that begin at 0$/],
    ["one tier written in two ways", [row, { ...row, above: "0.0" }], /two tiers that begin at 0$/],
    ["no tier at 0", [{ ...row, above: "100" }], /has no tier that begins at 0/],
    ["tiers in two units", [row, { ...row, above: "5", unit: "GB" }], /has tiers that differ in unit/],
    ["no source", [{ ...row, source: "" }], /line 2: source is "", not the address of a public page/],
    ["a source from memory", [{ ...row, source: "memory" }], /line 2: source is "memory"/],
    ["a day that is not", [row, { ...row, above: "5", asOf: "2026-02-30" }], /line 3: asOf is "2026-02-30"/],
    ["a year alone", [{ ...row, asOf: "2026" }], /asOf is "2026", not a day/],
    ["a negative price", [{ ...row, usd: "-1" }], /usd is "-1", not a number/],
    ["a price in scientific notation", [{ ...row, usd: "1e-7" }], /usd is "1e-7"/],
    ["a provider that nobody pays", [{ ...row, provider: "Acme" }], /provider is "Acme", not one of AWS/],
    ["an id in another case", [{ ...row, id: "S3_Storage" }], /id is "S3_Storage"/],
  ];
  for (const [what, rows, problem] of faults)
    it(`does not take ${what}`, () => {
      assert.match(priceProblems(rows).join("\n"), problem);
    });

  it("says of a file which line is wrong, or that it is no list at all", () => {
    const directory = mkdtempSync(join(tmpdir(), "prices-"));
    const file = join(directory, "prices.csv");
    try {
      const header = Object.keys(row).join(",");
      writeFileSync(file, `${header}\n${Object.values({ ...row, usd: "free" }).join(",")}\n`);
      assert.throws(() => readPriceRows(file), {
        name: "UserError",
        message: /prices\.csv is no price list: line 2: usd/,
      });
      writeFileSync(file, "id,usd\ns3-standard-storage,0.023\n");
      assert.throws(() => readPriceRows(file), /line 2: provider is "", not one of AWS.* \(and \d+ more\)/);
      writeFileSync(file, `${header}\n`);
      assert.throws(() => readPriceRows(file), /it has no row/);
      writeFileSync(file, `${header}\na,b\n`);
      assert.throws(() => readPriceRows(file), /is no price list/);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
    assert.throws(() => readPriceRows(file), /is no price list/);
  });

  it("names the row that is missing", () => {
    const prices = pricesFrom([row]);
    assert.equal(prices.has("alb-hour"), false);
    assert.throws(() => prices("alb-hour"), { name: "UserError", message: /has no row "alb-hour": add one/ });
  });

  it("sorts the tiers of a price", () => {
    const tiers = pricesFrom([{ ...row, above: "51200", usd: "0.022" }, row])("s3-standard-storage").tiers;
    assert.deepEqual(
      tiers.map(({ above }) => above.toFixed()),
      ["0", "51200"],
    );
  });
});
