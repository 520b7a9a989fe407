import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openDatabase, quoted } from "../cost/actuals/database.ts";
import { type Measured, measure } from "./measure.ts";

const PARTS = 10;
const PART_ROWS = 1_000_000;
export const BILL_ROWS = PARTS * PART_ROWS;

/** The container of a bill: as the project's own export writes it, and the other that AWS offers. */
export type BillContainer = "csv.gz" | "parquet";

const copyOptions: Readonly<Record<BillContainer, string>> = {
  "csv.gz": "FORMAT csv, HEADER, COMPRESSION gzip",
  parquet: "FORMAT parquet, COMPRESSION snappy",
};

/** Reads a bill of ten million rows by the command itself, in a process of its own. */
export async function actualsTimes(work: string, container: BillContainer): Promise<Measured> {
  const folder = join(work, `bill-${container}`);
  mkdirSync(folder);
  const first = join(folder, `bill-1.${container}`);
  const database = await openDatabase();
  try {
    await database.run(`COPY (${rowsSql}) TO ${quoted(first)} (${copyOptions[container]})`);
  } finally {
    database.close();
  }
  // The same rows ten times over are as much work as ten million others, and take a tenth of the time to make.
  for (let part = 2; part <= PARTS; part++) copyFileSync(first, join(folder, `bill-${part}.${container}`));
  const command = join(import.meta.dirname, "../cost.ts");
  const args = ["actuals", "--bill", folder, "--today", "2026-10-21", "--group-by", "CostCenter,Environment"];
  return measure(process.execPath, [command, ...args, "--format", "json"], { memory: true });
}

/** The columns of infra/cost-export.ts, about as wide and as varied as a bill's. */
const rowsSql = `
  SELECT cost AS BilledCost, '111122223333' AS BillingAccountId, 'groundwork-production' AS BillingAccountName,
    'USD' AS BillingCurrency, '2026-11-01T00:00:00.000Z' AS BillingPeriodEnd, '2026-10-01T00:00:00.000Z' AS BillingPeriodStart,
    'Usage' AS ChargeCategory, '' AS ChargeClass, 'USD 0.0000004 per request of class ' || (i % 7) AS ChargeDescription,
    strftime(start + INTERVAL 1 DAY, '%Y-%m-%dT00:00:00.000Z') AS ChargePeriodEnd,
    strftime(start, '%Y-%m-%dT00:00:00.000Z') AS ChargePeriodStart,
    (i % 1000)::VARCHAR AS ConsumedQuantity, 'Requests' AS ConsumedUnit, cost AS ContractedCost, cost AS EffectiveCost,
    'Amazon Web Services, Inc.' AS InvoiceIssuerName, cost AS ListCost, '0.0000004' AS ListUnitPrice,
    (i % 1000)::VARCHAR AS PricingQuantity, 'Requests' AS PricingUnit, 'AWS' AS ProviderName, 'AWS' AS PublisherName,
    'eu-west-1' AS RegionId, 'arn:aws:ecs:eu-west-1:111122223333:task/groundwork/' || md5((i % 50000)::VARCHAR) AS ResourceId,
    '' AS ResourceName, 'task' AS ResourceType, 'Compute' AS ServiceCategory, 'Service ' || (hash(i // 7) % 25) AS ServiceName,
    md5((i % 500)::VARCHAR) AS SkuId, '111122223333' AS SubAccountId,
    if(i % 20 = 0, '{}', '{"user:Project":"groundwork","user:Environment":"' || if(i % 3 = 0, 'staging', 'production')
      || '","user:Service":"service-' || (hash(i) % 12) || '","user:Owner":"platform","user:CostCenter":"centre-' || (hash(i) % 8) || '"}') AS Tags
  FROM (SELECT i, TIMESTAMP '2026-10-01' + to_days((i % 20)::INTEGER) AS start,
    ((hash(i) % 100000)::DECIMAL(28, 10) * 0.0000001)::DECIMAL(28, 10)::VARCHAR AS cost FROM range(${PART_ROWS}) AS numbers(i))`;
