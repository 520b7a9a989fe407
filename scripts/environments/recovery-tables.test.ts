import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheTimes } from "../../api/src/maps/cache-entry.ts";
import { LIMIT_HOURS } from "../drill/atlas/temporary.ts";
import { dataStores } from "../../infra/settings/recovery.ts";
import { environments } from "../../infra/settings/environments.ts";
import { markersIn, recoveryTables, timeOfDay, withRecoveryTables } from "./recovery-tables.ts";

const ROOT = join(import.meta.dirname, "../..");
const FILE = join(ROOT, "docs/disaster-recovery.md");
const document = readFileSync(FILE, "utf8");

/** The text below a heading, down to the next one of its level or above. */
function section(title: string): string {
  const [, marks = "", body = ""] = new RegExp(`^(#+) ${title}\n(.*?)(?=^#{1,3} |(?![^]))`, "ms").exec(document) ?? [];
  assert.notEqual(marks, "", title);
  return body;
}

const headings = new Set(
  [...document.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  ),
);

describe("docs/disaster-recovery.md", () => {
  it("has the tables that the code makes; otherwise: npm run environments -- --write", async () => {
    assert.equal(document, await withRecoveryTables(document, FILE));
    assert.deepEqual([...markersIn(document)].sort(), Object.keys(recoveryTables).sort());
  });

  it("tells of every store of data", () => {
    for (const { holds } of Object.values(dataStores)) assert.ok(document.includes(`| ${holds}`), holds);
  });

  it("has what a failure costs in each environment, and a section for each", () => {
    const rows = [...section("What each failure costs").matchAll(/^\| \[([^\]]+)\]\(#([^)]+)\) +\|(.*)\|$/gm)];
    assert.equal(rows.length, 7);
    for (const [, name = "", anchor = "", cells = ""] of rows) {
      assert.ok(headings.has(anchor), name);
      const [production = "", staging = "", todo = ""] = cells.split("|").map((cell) => cell.trim());
      assert.ok(production !== "" && staging !== "" && todo !== "", name);
    }
  });

  it("links only to headings that it has", () => {
    for (const [, anchor = ""] of document.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(headings.has(anchor), anchor);
  });

  it("says of a failure what the settings say", () => {
    const { production, staging } = environments.network.natGateways;
    assert.deepEqual([production, staging], ["OnePerAz", "Single"]);
    assert.match(section("A zone fails"), /each zone has a NAT gateway of its own\. Staging has one gateway/);
    assert.deepEqual([environments.cache.replicas.production, environments.cache.replicas.staging], [1, 0]);
    assert.match(section("A zone fails"), /Two zones carry the network/);
    assert.equal(environments.network.availabilityZones.production, 2);
    assert.deepEqual(
      [environments.database.copySnapshots.production, environments.database.copySnapshots.staging],
      [true, false],
    );
    assert.match(section("The region fails"), /Staging has nothing there/);
  });

  it("says how long the drill lets somebody in, and when a cached map is right again, as the code has it", () => {
    assert.equal(LIMIT_HOURS, 2);
    assert.match(section("Drills"), /for two hours at most/);
    const seconds = (cacheTimes.freshMs + cacheTimes.revalidateMs) / 1000;
    assert.ok(section("Database").includes(`within ${seconds} seconds`));
    assert.equal(cacheTimes.keptMs, 3_600_000);
    assert.match(section("A provider is down"), /what is cached is answered for an hour/);
  });
});

describe("the time of a schedule", () => {
  it("is read as AWS Backup writes it", () => {
    assert.equal(timeOfDay("cron(5 3 * * ? *)"), "03:05");
    assert.throws(() => timeOfDay("cron(0 3 ? * MON *)"), /no time of every day/);
  });
});
