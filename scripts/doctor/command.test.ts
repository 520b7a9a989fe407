import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { DoctorReport } from "./checks.ts";
import { doctorCommand, type DoctorSurroundings } from "./command.ts";
import { TOKENS } from "./variables.ts";

const lock = JSON.stringify({ packages: {} });

function surroundings(over: Partial<DoctorSurroundings> = {}) {
  const printed: string[] = [];
  const given: DoctorSurroundings = {
    colors: noColors,
    print: (text) => printed.push(text),
    environment: {},
    credentials: () => Promise.reject(new Error("none")),
    deadlineMilliseconds: 100,
    versions: { node: ">=24 <25", pulumi: "3.270.0" },
    run: (command) => Promise.resolve(command === "node" ? { output: "v24.1.0" } : { output: "99.0.0" }),
    read: () => lock,
    settings: () => ({
      domain: "shop.dev",
      aws: { accountId: "987654321098", region: "us-east-1", recoveryRegion: "us-west-2" },
      cloudflare: { accountId: "a", zoneId: "z" },
      datadog: { site: "datadoghq.com" },
    }),
    pulumiLogin: undefined,
    sandboxStacks: () => Promise.resolve([]),
    ...over,
  };
  return { given, printed };
}

describe("npm run doctor", () => {
  const run = async (args: readonly string[], over: Partial<DoctorSurroundings> = {}) => {
    const { given, printed } = surroundings(over);
    const code = await doctorCommand(args, given);
    return { code, text: printed.join("\n") };
  };

  it("has nothing against the sandbox where there is no account at all", async () => {
    const { code, text } = await run([]);
    assert.equal(code, 0, text);
    assert.match(text, /All that the sandbox needs is there\.\nIn brackets: .*\nNext: npm start$/);
    assert.match(text, /DATADOG_API_KEY +\(missing\)/);
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  });

  it("asks for more where accounts are meant, and says what to type next", async () => {
    const { code, text } = await run(["--for", "accounts", "--json"]);
    assert.equal(code, 1);
    const report = JSON.parse(text) as DoctorReport;
    assert.equal(report.ready, false);
    assert.match(report.next, /read -rs CLOUDFLARE_API_TOKEN/);
    assert.deepEqual(
      report.checks.filter(({ state }) => state !== "ok").map(({ name }) => name),
      ["git hooks", ...Object.keys(TOKENS), "backend", "AWS"],
    );
  });

  it("takes a stack file with a mistake for a finding, and a stack that is none for wrong usage", async () => {
    const settings = (exitCode: 1 | 2) => () => {
      throw new UserError("awsAccountId: 12 digits", exitCode);
    };
    const { code, text } = await run([], { settings: settings(1) });
    assert.equal(code, 1);
    assert.match(text, /Pulumi\.staging\.yaml +wrong +awsAccountId: 12 digits/);
    await assert.rejects(run(["--stack", "qa"], { settings: settings(2) }), UserError);
  });

  const wrong: readonly [args: readonly string[], says: RegExp][] = [
    [["--for", "lunch"], /"lunch" is no purpose: there are sandbox, accounts, deploy/],
    [["--fix"], /^there is no option --fix: did you mean "for"\?$/],
    [["accounts"], /Unexpected argument 'accounts'/],
  ];
  for (const [args, says] of wrong)
    it(`refuses ${JSON.stringify(args.join(" "))}`, async () => {
      await assert.rejects(
        run(args),
        (error) => error instanceof UserError && error.exitCode === 2 && says.test(error.message),
      );
    });

  it("prints no value of any variable, with accounts out of reach", () => {
    const closed = "http://alice:in-the-address-nobody-sees@127.0.0.1:9";
    const secrets = [
      ...Object.keys(TOKENS),
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "PULUMI_ACCESS_TOKEN",
      "PULUMI_CONFIG_PASSPHRASE",
      "GITHUB_TOKEN",
      "NPM_TOKEN",
    ].map((name) => [name, `${name.toLowerCase()}-nobody-sees`] as const);
    const env = {
      PATH: process.env["PATH"],
      HOME: tmpdir(),
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9",
      CLOUDFLARE_BASE_URL: closed,
      MONGODB_ATLAS_BASE_URL: closed,
      DATADOG_HOST: closed,
      PULUMI_BACKEND_URL: "s3://bucket-nobody-sees?profile=nobody-sees",
      ...Object.fromEntries(secrets),
    };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "../doctor.ts"), "--for", "accounts", "--json"],
      { encoding: "utf8", env },
    );
    assert.equal(status, 1, stderr);
    assert.equal(stderr, "");
    assert.match(stdout, /not reached/);
    assert.ok(!stdout.includes("nobody-sees"), stdout);
  });

  it("says that nothing is installed, where nothing is", () => {
    const folder = mkdtempSync(join(tmpdir(), "doctor-"));
    try {
      for (const file of ["doctor.ts", "sandbox/user-error.ts"])
        cpSync(join(import.meta.dirname, "..", file), join(folder, file));
      mkdirSync(join(folder, "doctor"));
      writeFileSync(join(folder, "doctor/main.ts"), 'import "zod";\n');
      writeFileSync(join(folder, "package.json"), '{"type":"module"}');
      const { status, stderr } = spawnSync(process.execPath, [join(folder, "doctor.ts")], { encoding: "utf8" });
      assert.equal(status, 1);
      assert.match(stderr, /^doctor: the packages are not installed[^\n]* npm ci\n$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("masks what a program prints of its environment", async () => {
    const environment = { A_TOKEN: "token-that-nobody-sees" };
    const settings = () => {
      throw new UserError(`not valid: ${environment.A_TOKEN}`, 1);
    };
    for (const args of [[], ["--json"]]) {
      const { text } = await run(args, { environment, settings });
      assert.match(text, /not valid: \[secret\]/);
      assert.ok(!text.includes("nobody-sees"));
    }
  });
});
