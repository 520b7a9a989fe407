import Table from "cli-table3";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { FAILURE_KINDS } from "./failures.ts";
import type { Report } from "./report.ts";
import type { Bucket } from "./statistics.ts";
import { reaches } from "./verdict.ts";

const GAP = 2;
const BORDERLESS = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat(["left-mid", "mid-mid", "right-mid", "middle"])
    .map((part) => [part, ""]),
);

type Align = "left" | "right";

function tableOf(rows: readonly (readonly string[])[], colAligns: readonly Align[]): string {
  const table = new Table({
    chars: BORDERLESS,
    // The library's own colours stay out; those of `colors` know whether they are wanted.
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    colAligns: [...colAligns],
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split("\n");
  return lines.map((line) => `  ${line}`.trimEnd()).join("\n");
}

/** For people: what was asked, the promises, the latencies with their histogram, the failures, and the verdict. */
export function tableText(report: Report, colors: Colors): string {
  const { bold, dim, green, red } = colors;
  const { holds, reasons } = report.verdict;
  return [
    bold(
      `${report.requests.planned} requests to ${report.url}, ${report.concurrency} at a time, as on ${report.profile.name}`,
    ),
    dim(profileText(report)),
    "",
    promises(report, colors),
    "",
    ...latencies(report, colors),
    ...failures(report, colors),
    bold("Network"),
    network(report),
    "",
    bold(holds ? green("The verdict holds") : red(`The verdict does not hold: ${reasons.join("; ")}`)),
  ].join("\n");
}

function profileText({ profile, seed }: Report): string {
  const { latencyMilliseconds, jitterMilliseconds, downKbitPerSecond, upKbitPerSecond, lossRate, resetRate } = profile;
  return [
    `one way ${latencyMilliseconds} ms, give or take ${jitterMilliseconds}`,
    `${downKbitPerSecond} kbit/s down, ${upKbitPerSecond} up`,
    `of the segments ${percentText(lossRate)} lost, ${percentText(resetRate)} reset`,
    `seed ${seed}`,
  ].join("; ");
}

function promises({ requests, successPercent, thresholds, latency }: Report, { green, red }: Colors): string {
  const made = requests.succeeded + requests.failed;
  const kept = (yes: boolean): string => (yes ? green("kept") : red("BROKEN"));
  return tableOf(
    [
      [
        "Success",
        `${successPercent.toFixed(2)} %`,
        `${requests.succeeded} of ${made}`,
        `at least ${thresholds.successPercent} %`,
        kept(reaches(requests.succeeded, made, thresholds.successPercent)),
      ],
      [
        "Median",
        latency === null ? "none" : milliseconds(latency.p50),
        "",
        `below ${thresholds.medianMilliseconds} ms`,
        kept(latency !== null && latency.p50 < thresholds.medianMilliseconds),
      ],
    ],
    ["left", "right", "left", "left", "left"],
  );
}

function latencies({ latency, histogram, requests }: Report, { bold, cyan }: Colors): string[] {
  if (latency === null) return [];
  const { min, mean, p50, p95, p99, max, jitter } = latency;
  const named = { min, p50, p95, p99, max, mean, jitter };
  return [
    bold(`Latency of the ${requests.succeeded} that succeeded`),
    tableOf(
      [Object.keys(named), Object.values(named).map(milliseconds)],
      Object.keys(named).map(() => "right"),
    ),
    "",
    tableOf(
      histogram.map((bucket) => [spanText(bucket), `${bucket.count}`, cyan(bar(bucket.count, histogram))]),
      ["right", "right", "left"],
    ),
    "",
  ];
}

function failures({ failures: counted }: Report, { bold, red }: Colors): string[] {
  if (counted.length === 0) return [];
  const rows = counted.map(({ kind, detail, count }) => [red(`${count}`), kind, detail, FAILURE_KINDS[kind]]);
  return [bold("Failures"), tableOf(rows, ["right", "left", "left", "left"]), ""];
}

function network({ network: passed, seconds }: Report): string {
  const { connections, segments, lostSegments, resets, directConnectMilliseconds } = passed;
  return tableOf(
    [
      [
        "Down",
        bytesText(passed.bytesDown),
        `${passed.downKbitPerSecond.toFixed(0)} kbit/s over ${seconds.toFixed(1)} s`,
      ],
      ["Up", bytesText(passed.bytesUp), `${passed.upKbitPerSecond.toFixed(0)} kbit/s`],
      ["Segments", `${segments}`, `${lostSegments} lost and sent again`],
      ["Connections", `${connections}`, `${resets} reset by the profile`],
      ["Opening one", milliseconds(directConnectMilliseconds), "without the profile"],
    ],
    ["left", "right", "left"],
  );
}

const WIDEST_BAR = 40;

/** What is not empty has at least the shortest bar. */
function bar(count: number, all: readonly Bucket[]): string {
  const most = Math.max(...all.map((bucket) => bucket.count));
  return "█".repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * WIDEST_BAR)));
}

const spanText = ({ from, to }: Bucket): string => (to === null ? `${from} ms and more` : `${from} to ${to} ms`);
const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
const percentText = (rate: number): string => `${Number((rate * 100).toFixed(3))} %`;
const bytesText = (bytes: number): string => (bytes < 10_000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`);
