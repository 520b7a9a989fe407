import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import { noColors } from "../../sandbox/cli/display/colors.ts";
import { actualsCommand } from "../actuals.ts";
import { addDays, monthOf, nextMonth } from "./calendar.ts";

export type Cells = Readonly<Record<string, string>>;

/** A row of a FOCUS file: one day of usage of AWS, unless it says otherwise. */
export function focusRow(day: string, cost: string, over: Cells = {}): Cells {
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    BillingCurrency: "USD",
    BillingPeriodStart: `${monthOf(day)}T00:00:00Z`,
    BillingPeriodEnd: `${nextMonth(monthOf(day))}T00:00:00Z`,
    ChargePeriodStart: `${day}T00:00:00Z`,
    ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
    ChargeCategory: "Usage",
    ChargeClass: "",
    ProviderName: "AWS",
    ServiceName: "AWS Fargate",
    ResourceId: "task",
    Tags: '{"user:Environment":"staging"}',
    ...over,
  };
}

export const csvOf = (rows: readonly Cells[]): string => stringify([...rows], { header: true });

export interface BillFolder {
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Buffer) => string;
  readonly gzip: (name: string, content: string) => string;
  readonly remove: () => void;
}

export function billFolder(): BillFolder {
  const folder = mkdtempSync(join(tmpdir(), "actuals-test-"));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  return {
    path,
    write,
    gzip: (name, content) => write(name, gzipSync(content)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What the command prints. */
export async function printed(...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  await actualsCommand(args, {
    colors: noColors,
    width: 140,
    now: new Date("2026-10-11T08:00:00Z"),
    print: (text) => lines.push(text),
    terminal: { write: () => true },
  });
  return lines.join("\n");
}

interface Compared {
  readonly toDate: string;
  readonly runRate: string | null;
  readonly forecast: {
    readonly toDate: string;
    readonly monthly: { readonly expected: string };
    readonly difference: string | null;
    readonly part: string | null;
  } | null;
}

/** The parts of the JSON report that tests look at. */
export interface PrintedReport {
  readonly rows: number;
  readonly month: string;
  readonly closed: boolean;
  readonly total: { readonly billed: string; readonly effective: string };
  readonly whole: Compared;
  readonly groups: readonly (Compared & {
    readonly kind: string;
    readonly values: readonly string[];
    readonly billed: string;
    readonly daily: string;
    readonly incomplete: string;
    readonly fixed: string;
    readonly awaited: string;
  })[];
  readonly apart: Readonly<Record<"credits" | "refunds" | "taxes" | "other", string>>;
  readonly later: string;
  readonly attributedShare: string;
  readonly providers: readonly { readonly provider: string; readonly completeDays: number }[];
  readonly notBilled: readonly { readonly provider: string; readonly monthly: string }[];
  readonly anomalies: readonly {
    readonly service: string;
    readonly firstDay: string;
    readonly lastDay: string;
    readonly excess: string;
  }[];
}

export const report = async (...args: readonly string[]): Promise<PrintedReport> =>
  JSON.parse(await printed(...args, "--format", "json")) as PrintedReport;
