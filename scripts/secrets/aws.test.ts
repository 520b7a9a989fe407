import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { SecretsReport } from "./list.ts";

interface Version {
  readonly value: string;
  readonly stages: string[];
}

const arnOf = (name: string): string => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;

/** Secrets Manager on loopback: its JSON protocol, with versions and their labels as the service moves them. */
async function secretsManager(names: readonly string[]) {
  const secrets = new Map(names.map((name) => [name, [] as Version[]]));
  const rotated: string[] = [];
  const put = (name: string, value: string): void => {
    const versions = secrets.get(name) ?? [];
    const stagesOf = (stages: string[]): string[] => (stages.includes("AWSCURRENT") ? ["AWSPREVIOUS"] : []);
    secrets.set(name, [
      ...versions.map((one) => ({ ...one, stages: stagesOf(one.stages) })),
      { value, stages: ["AWSCURRENT"] },
    ]);
  };
  const answers: Readonly<Record<string, (body: Record<string, unknown>) => unknown>> = {
    ListSecrets: () => ({
      SecretList: [...secrets].map(([name, versions]) => ({
        Name: name,
        ARN: arnOf(name),
        RotationEnabled: name.includes("jwt"),
        LastChangedDate: 1_790_000_000,
        SecretVersionsToStages: Object.fromEntries(versions.map(({ stages }, index) => [`v${index}`, stages])),
      })),
    }),
    PutSecretValue: ({ SecretId, SecretString }) => {
      put(names.find((name) => arnOf(name) === SecretId) ?? "", String(SecretString));
      return {};
    },
    RotateSecret: ({ SecretId }) => {
      rotated.push(String(SecretId));
      return {};
    },
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      const answer = answers[operation]?.(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(answer === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer ?? { __type: "InvalidRequestException", message: `no ${operation}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, secrets, rotated, put, stop: () => server.close() };
}

const [mail, jwt] = [
  "groundwork-staging-secrets/mail-api-key-0a1b2c3",
  "groundwork-staging-secrets/jwt-signing-keys-0a1b2c3",
];

describe("npm run secrets, against Secrets Manager's protocol", () => {
  let service: Awaited<ReturnType<typeof secretsManager>>;
  before(async () => {
    service = await secretsManager([mail, jwt]);
    service.put(mail, "first-nobody-sees");
    service.put(jwt, "keys-nobody-sees");
  });
  after(() => service.stop());

  const run = async (args: readonly string[], input = "") => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "../secrets.ts"), ...args], {
      env: {
        PATH: process.env["PATH"],
        HOME: tmpdir(),
        AWS_ENDPOINT_URL_SECRETS_MANAGER: service.url,
        AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
        AWS_SECRET_ACCESS_KEY: "aws-nobody-sees",
      },
    });
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    assert.ok(!`${stdout}${stderr}`.includes("nobody-sees"));
    return { stdout, stderr, code };
  };

  it("rotates a third party's key: the new one counts, the one before is kept", async () => {
    const { code, stdout, stderr } = await run(["rotate", "mail-api-key"], "second-nobody-sees\n");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /is another\. The one before is kept/);
    assert.deepEqual(service.secrets.get(mail), [
      { value: "first-nobody-sees", stages: ["AWSPREVIOUS"] },
      { value: "second-nobody-sees", stages: ["AWSCURRENT"] },
    ]);
  });

  it("begins the rotation of what a function rotates", async () => {
    const { code, stderr } = await run(["rotate", "jwt-signing-keys"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(service.rotated, [arnOf(jwt)]);
  });

  it("lists, and fails while an entry has no value", async () => {
    const { code, stdout } = await run(["list", "--json"]);
    assert.equal(code, 1);
    const { secrets, missing } = JSON.parse(stdout) as SecretsReport;
    assert.deepEqual(missing, ["cookie-signing-key", "datadog-api-key", "sentry-dsn"]);
    assert.equal(secrets.find(({ name }) => name === "jwt-signing-keys")?.rotates, true);
  });
});
