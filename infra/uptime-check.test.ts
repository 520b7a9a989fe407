import assert from "node:assert/strict";
import { capture, valueOf } from "./capture.ts";
import { tagsOf } from "./tags.ts";
import { UptimeCheck, type UptimeCheckArgs } from "./uptime-check.ts";

const TEST = "datadog:index/syntheticsTest:SyntheticsTest";

const args: UptimeCheckArgs = {
  check: "api",
  host: "api.example.org",
  path: "/heartbeat",
  locations: ["aws:us-east-1", "aws:eu-central-1"],
  runbookUrl: "https://example.com/runbook.md",
  pageHandles: ["@slack-groundwork-staging"],
  tags: tagsOf({
    project: "groundwork",
    stack: "staging",
    environment: "staging",
    owner: "platform",
    costCenter: "engineering",
  }),
};

interface TestInputs {
  readonly name: string;
  readonly message: string;
  readonly requestDefinition: Readonly<Record<string, string>>;
  readonly assertions: readonly Readonly<Record<string, string>>[];
  readonly optionsList: Readonly<Record<string, unknown>>;
  readonly locations: readonly string[];
  readonly tags: readonly string[];
  readonly status: string;
}

const testsOf = async (over: Partial<UptimeCheckArgs> = {}): Promise<readonly TestInputs[]> => {
  const { resources } = await capture(() => new UptimeCheck("groundwork-staging-uptime", { ...args, ...over }));
  return resources
    .filter(({ type }) => type === TEST)
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ inputs }) => inputs as unknown as TestInputs);
};
const firstOf = (tests: readonly TestInputs[]): TestInputs => tests[0] ?? assert.fail("no test was registered");

describe("an uptime check", () => {
  it("asks the host over HTTPS, from two places, every 5 minutes, and tries again before it tells", async () => {
    const test = firstOf(await testsOf());
    assert.deepEqual(test.requestDefinition, { method: "GET", url: "https://api.example.org/heartbeat" });
    assert.deepEqual(test.locations, args.locations);
    assert.equal(test.status, "live");
    assert.equal(test.optionsList["tickEvery"], 300);
    assert.deepEqual(test.optionsList["retry"], { count: 2, interval: 2000 });
    assert.equal(test.optionsList["minLocationFailed"], 2);
  });

  it("says which stack it is, what to do, where to read on, and whom to tell", async () => {
    const test = firstOf(await testsOf());
    assert.equal(test.name, "staging: The API does not answer");
    assert.match(test.message, /What to do: /);
    assert.match(test.message, /https:\/\/example\.com\/runbook\.md#uptime-api\n@slack-groundwork-staging$/);
    for (const tag of ["env:staging", "service:api", "team:platform", "project:groundwork"])
      assert.ok(test.tags.includes(tag), tag);
  });

  it("takes the API's heartbeat for a sign of life only in JSON that says so", async () => {
    const types = firstOf(await testsOf()).assertions.map(({ type }) => type);
    assert.deepEqual(types, ["statusCode", "header", "body", "responseTime"]);
  });

  it("takes the way to the login, and nothing else, for a healthy admin", async () => {
    const test = firstOf(await testsOf({ check: "admin", host: "admin.example.org", path: "/" }));
    assert.equal(test.optionsList["followRedirects"], false);
    assert.deepEqual(test.assertions.slice(0, 2), [
      { type: "statusCode", operator: "is", target: "302" },
      {
        type: "header",
        property: "location",
        operator: "contains",
        target: ".cloudflareaccess.com/cdn-cgi/access/login",
      },
    ]);
  });

  it("watches the certificate beside it, but for a preview, whose certificate is staging's", async () => {
    const [, certificate] = await testsOf();
    assert.deepEqual(certificate?.requestDefinition, { host: "api.example.org", port: "443" });
    assert.deepEqual(certificate.assertions, [
      { type: "certificate", operator: "isInMoreThan", target: "21" },
      { type: "minTlsVersion", operator: "moreThanOrEqual", target: "1.2" },
    ]);
    assert.match(certificate.message, /#certificate-expiry/);
    assert.equal((await testsOf({ certificate: false })).length, 1);
  });

  it("asks on weekdays alone where the host sleeps, and gives it half an hour to wake", async () => {
    const test = firstOf(await testsOf({ hours: { from: "06:00", to: "23:00", timeZone: "Etc/UTC" } }));
    assert.deepEqual(test.optionsList["scheduling"], {
      timeframes: [1, 2, 3, 4, 5].map((day) => ({ day, from: "06:30", to: "23:00" })),
      timezone: "Etc/UTC",
    });
    assert.equal(firstOf(await testsOf()).optionsList["scheduling"], undefined);
  });

  it("gives the monitor that Datadog keeps for it", async () => {
    const { result } = await capture(() => new UptimeCheck("groundwork-staging-uptime", args));
    assert.equal(await valueOf(result.monitorId), 1234567);
  });

  const refused: readonly [input: string, over: Partial<UptimeCheckArgs>][] = [
    ["locations", { locations: ["aws:us-east-1"] }],
    ["intervalSeconds", { intervalSeconds: 10 }],
    ["runbookUrl", { runbookUrl: "http://example.com" }],
    ["pageHandles", { pageHandles: [] }],
    ["pageHandles", { pageHandles: ["platform"] }],
  ];
  for (const [input, over] of refused)
    it(`refuses ${JSON.stringify(over)}, by the input's name`, async () => {
      await assert.rejects(testsOf(over), new RegExp(`Error: ${input}: `));
    });
});
