import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recognize } from "./bill-format.ts";
import { createSums, describeSql, type FileSet, sumsSql, tagsRepeatSql } from "./bill-sql.ts";
import { type Database, openDatabase } from "./database.ts";

const head =
  "BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ProviderName,ServiceName,ResourceId,Tags";
const row = (index: number, tags: string): string =>
  `0.0${index % 7},0.01,USD,2026-10-01T00:00:00Z,2026-10-0${(index % 3) + 1}T00:00:00Z,2026-10-0${(index % 3) + 2}T00:00:00Z,Usage,AWS,S3,r${index},${tags}`;
const quotedTags = (tags: Readonly<Record<string, string>>): string =>
  `"${JSON.stringify(tags).replaceAll('"', '""')}"`;

describe("the sums of a bill", () => {
  let folder = "";
  let database: Database;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bill-sql-"));
    database = await openDatabase();
  });
  after(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function setOf(name: string, tagsOf: (index: number) => string): Promise<FileSet> {
    const path = join(folder, `${name}.csv`);
    const rows = Array.from({ length: 60 }, (_, index) => row(index, tagsOf(index)));
    writeFileSync(path, [head, ...rows, ""].join("\n"));
    const file = { path, container: "csv", bytes: 1 } as const;
    const schema = (await database.query(describeSql(file))).map((column) => ({
      name: String(column["column_name"]),
      type: String(column["column_type"]),
    }));
    const bill = recognize(
      path,
      schema.map(({ name: own }) => own),
    );
    return { ...bill, schema, files: [file] };
  }

  async function sums(set: FileSet, tagsRepeat: boolean) {
    await database.run(`DROP TABLE IF EXISTS sums; ${createSums}`);
    await database.run(sumsSql(set, ["Owner"], tagsRepeat));
    return database.query(
      `SELECT "day", tags, sum(billed)::VARCHAR AS billed, sum(effective)::VARCHAR AS effective, sum("rows")::VARCHAR AS "rows" FROM sums GROUP BY ALL ORDER BY ALL`,
    );
  }

  const few = (index: number) =>
    [quotedTags({ Owner: "web" }), quotedTags({ "user:Owner": "data" }), ""][index % 3] ?? "";
  const many = (index: number) => quotedTags({ Owner: "web", pod: `pod-${index}` });

  it("are the same whether tags are read of each row or of what was added up", async () => {
    for (const set of [await setOf("few", few), await setOf("many", many)]) {
      const [byRow, bySum] = [await sums(set, false), await sums(set, true)];
      assert.deepEqual(bySum, byRow);
      assert.ok(byRow.length >= 3);
    }
  });

  it("keep every digit, however an amount is written", async () => {
    const amounts = ["0.12345678901234567", "1e-15", "2E2", "1234567.12345", "-0.000000000001", "5", ".5", ""];
    const path = join(folder, "digits.csv");
    const rows = amounts.map((usd, index) => row(index, "").replace(/^[^,]+,[^,]+/, `${usd},0`));
    writeFileSync(path, [head, ...rows, ""].join("\n"));
    const set = { ...(await setOf("none", () => "")), files: [{ path, container: "csv", bytes: 1 } as const] };
    await database.run(`DROP TABLE IF EXISTS sums; ${createSums}`);
    await database.run(sumsSql(set, []));
    const [total] = await database.query(`SELECT sum(billed)::VARCHAR AS billed FROM sums`);
    assert.equal(total?.["billed"], "1234772.746906789011346670");
  });

  it("read tags of what was added up where rows share them, and of each row where every row has its own", async () => {
    const repeat = async (set: FileSet, by: readonly string[]) => {
      const sql = tagsRepeatSql(set, by);
      return sql === undefined ? undefined : (await database.query(sql))[0]?.["repeat"];
    };
    const [shared, own] = [await setOf("shared", few), await setOf("own", many)];
    assert.deepEqual([await repeat(shared, ["Owner"]), await repeat(own, ["Owner"])], [true, false]);
    assert.equal(await repeat(shared, []), undefined);
  });
});
