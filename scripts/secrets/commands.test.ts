import assert from "node:assert/strict";
import { UserError } from "../sandbox/user-error.ts";
import {
  checkedValue,
  placeOf,
  providedEntry,
  rotateSecret,
  setSecret,
  type SecretsService,
  type SecretsStack,
  type StoredSecret,
} from "./commands.ts";
import { listText, secretsReport } from "./list.ts";

const staging: SecretsStack = {
  project: "groundwork",
  stack: "staging",
  environment: "staging",
  accountId: "111122223333",
  region: "us-east-1",
};

const stored = (entry: string, over: Partial<StoredSecret> = {}): StoredSecret => ({
  name: `groundwork-staging-secrets/${entry}-0a1b2c3`,
  arn: `arn:aws:secretsmanager:us-east-1:111122223333:secret:groundwork-staging-secrets/${entry}-0a1b2c3-AbCdEf`,
  hasValue: false,
  rotates: false,
  changed: undefined,
  ...over,
});

/** Secrets Manager that notes what it is asked and told. */
function serviceOf(...secrets: readonly StoredSecret[]) {
  const prefixes: string[] = [];
  const put: { arn: string; value: string }[] = [];
  const rotated: string[] = [];
  const service: SecretsService = {
    list: (prefix) => {
      prefixes.push(prefix);
      return Promise.resolve(secrets);
    },
    put: (arn, value) => {
      put.push({ arn, value });
      return Promise.resolve();
    },
    rotate: (arn) => {
      rotated.push(arn);
      return Promise.resolve();
    },
  };
  return { service, prefixes, put, rotated };
}

const value = "key-that-nobody-sees";
const ask = () => Promise.resolve(`${value}\n`);
const fails = (says: RegExp, exitCode: number) => (error: unknown) =>
  error instanceof UserError &&
  says.test(error.message) &&
  error.exitCode === exitCode &&
  !error.message.includes(value);

describe("npm run secrets -- set", () => {
  it("gives the stack's own entry the value, and does not repeat it", async () => {
    const secret = stored("mail-api-key");
    const { service, prefixes, put } = serviceOf(stored("sentry-dsn"), secret);
    const said = await setSecret(staging, "mail-api-key", service, ask);
    assert.deepEqual(prefixes, ["groundwork-staging-secrets/"]);
    assert.deepEqual(put, [{ arn: secret.arn, value }]);
    assert.match(said, /^mail-api-key of staging is set\. .*new deployment/);
    assert.ok(!said.includes(value));
  });

  const refused: readonly [what: string, name: string, stack: SecretsStack, says: RegExp, exitCode: number][] = [
    ["a name that is none, and says the nearest", "mail-key", staging, /nearest is mail-api-key/, 2],
    ["keys that the stack makes", "jwt-signing-keys", staging, /made by the stack itself/, 2],
    ["text that the stack makes", "cookie-signing-key", staging, /made by the stack itself/, 2],
    ["what is not for previews", "sentry-dsn", { ...staging, environment: "preview" }, /set it in staging or produ/, 2],
    ["what nobody reads there", "pagerduty-routing-key", staging, /not for staging: set it in production, with/, 2],
    ["a stack that is not up", "sentry-dsn", staging, /bring the stack up first/, 1],
  ];
  for (const [what, name, stack, says, exitCode] of refused)
    it(`refuses ${what}, before anybody types a key`, async () => {
      const { service, put } = serviceOf(stored("mail-api-key"));
      const never = () => assert.fail("it asked");
      await assert.rejects(setSecret(stack, name, service, never), fails(says, exitCode));
      assert.deepEqual(put, []);
    });

  it("refuses another account's secret", async () => {
    const secret = stored("mail-api-key");
    const { service, put } = serviceOf({ ...secret, arn: secret.arn.replace("111122223333", "444455556666") });
    await assert.rejects(setSecret(staging, "mail-api-key", service, ask), fails(/of account 444455556666/, 1));
    assert.deepEqual(put, []);
  });

  it("refuses to guess between two entries", async () => {
    const { service } = serviceOf(
      stored("mail-api-key"),
      stored("mail-api-key", { name: "groundwork-staging-secrets/mail-api-key-fffffff" }),
    );
    await assert.rejects(setSecret(staging, "mail-api-key", service, ask), fails(/is there 2 times/, 1));
  });

  it("takes no other secret whose name begins alike", async () => {
    const { service } = serviceOf(stored("mail-api-key-of-old"));
    await assert.rejects(setSecret(staging, "mail-api-key", service, ask), fails(/bring the stack up first/, 1));
  });

  it("takes the line break of a pipe off", () => {
    for (const text of [value, `${value}\n`, `${value}\r\n`]) assert.equal(checkedValue(text), value);
  });

  for (const [what, text] of [
    ["nothing", "\n"],
    ["a value with a space", `${value} and more`],
    ["a value with a line break", `${value}\nand more`],
    ["a value with a control character", `${value}\u0007`],
    ["a value that is too long", value.repeat(4000)],
  ] as const)
    it(`does not take ${what}`, () => {
      assert.throws(() => checkedValue(text), fails(/nothing was set/, 1));
    });
});

describe("npm run secrets -- rotate", () => {
  const never = () => assert.fail("it asked");
  const own = stored("mail-api-key", { hasValue: true });

  it("replaces a third party's key, keeps the one before, and says what is left to do", async () => {
    const { service, put } = serviceOf(own);
    const said = await rotateSecret(staging, "mail-api-key", service, ask);
    assert.deepEqual(put, [{ arn: own.arn, value }]);
    assert.match(said[0] ?? "", /^mail-api-key of staging is another\. The one before is kept as the previous version/);
    assert.match(said.join("\n"), /aws ecs update-service .*--force-new-deployment\nOnce .*\(backend\) revokes it/);
    assert.ok(!said.join("").includes(value));
  });

  it("lets the function rotate what has one, and asks for nothing", async () => {
    const keys = stored("jwt-signing-keys", { hasValue: true, rotates: true });
    const { service, put, rotated } = serviceOf(keys);
    const [said = ""] = await rotateSecret(staging, "jwt-signing-keys", service, never);
    assert.match(said, /^The rotation of jwt-signing-keys of staging has begun/);
    assert.deepEqual([rotated, put], [[keys.arn], []]);
  });

  const refused: readonly [what: string, name: string, secret: StoredSecret, says: RegExp, exitCode: number][] = [
    ["what has no value yet", "mail-api-key", stored("mail-api-key"), /no value yet: .*set mail-api-key --stack/, 1],
    ["keys without a function", "jwt-signing-keys", stored("jwt-signing-keys"), /has no function/, 1],
    ["a name that is none", "mail-key", own, /nearest is mail-api-key/, 2],
    ["what is of another environment", "pagerduty-routing-key", own, /set it in production/, 2],
    [
      "what Pulumi makes, with the command that does",
      "cookie-signing-key",
      own,
      /pulumi up --stack staging --replace '\*\*random:/,
      2,
    ],
    ["what is not there", "sentry-dsn", own, /bring the stack up first/, 1],
  ];
  for (const [what, name, secret, says, exitCode] of refused)
    it(`refuses ${what}`, async () => {
      const { service, put, rotated } = serviceOf(secret);
      await assert.rejects(rotateSecret(staging, name, service, never), fails(says, exitCode));
      assert.deepEqual([rotated, put], [[], []]);
    });

  it("says of the sandbox that nothing reads the value there", async () => {
    const [said = "", ...rest] = await rotateSecret(
      staging,
      "mail-api-key",
      serviceOf(own).service,
      ask,
      placeOf(staging, true),
    );
    assert.match(said, /The sandbox keeps that there is a value, and not which/);
    assert.ok(!rest.join("").includes("aws "));
  });
});

describe("npm run secrets -- list", () => {
  const keys = stored("jwt-signing-keys", { hasValue: true, changed: new Date("2026-10-04T12:00:00Z") });

  it("says which entries have a value, and what to do about the others", async () => {
    const { service, put } = serviceOf(keys, stored("mail-api-key"));
    const report = await secretsReport(staging, service);
    const [head = "", ...rows] = listText(report);
    assert.match(head, /^secret +owner +value from +state$/);
    const state = (entry: string) =>
      rows
        .find((row) => row.startsWith(entry))
        ?.split(/ {2,}/)
        .at(-1);
    assert.equal(state("jwt-signing-keys"), "set on 2026-10-04");
    assert.equal(state("mail-api-key"), "empty");
    assert.equal(state("sentry-dsn"), "not there");
    assert.deepEqual(rows.slice(-3), [
      "4 of 5 of staging are missing:",
      "  npm run up -- --stack staging",
      "  npm run secrets -- set mail-api-key --stack staging",
    ]);
    for (const line of [head, ...rows]) assert.ok(line.length <= 80, line);
    assert.deepEqual(put, []);
  });

  it("has every entry with its purpose for machines, and names those without a value", async () => {
    const { secrets, missing } = await secretsReport(staging, serviceOf(keys).service, placeOf(staging, true));
    assert.deepEqual(missing, ["cookie-signing-key", "datadog-api-key", "sentry-dsn", "mail-api-key"]);
    const [first, second] = secrets;
    assert.deepEqual(first, {
      name: "jwt-signing-keys",
      purpose: "Sign the API's access tokens.",
      owner: "backend",
      origin: "signing-keys",
      reader: "task",
      state: "set",
      rotates: false,
      changed: "2026-10-04T12:00:00.000Z",
      next: undefined,
    });
    assert.equal(second?.next, "npm run up -- --stack staging --sandbox");
  });

  it("asks of a preview only what previews have", async () => {
    const preview: SecretsStack = { ...staging, stack: "preview-login", environment: "preview" };
    const { service, prefixes } = serviceOf();
    const { secrets } = await secretsReport(preview, service);
    assert.deepEqual(
      secrets.map(({ name }) => name),
      ["jwt-signing-keys", "cookie-signing-key"],
    );
    assert.deepEqual(prefixes, ["groundwork-preview-login-secrets/"]);
  });
});

describe("an entry that a person may set", () => {
  it("is no property that every object has", () => {
    assert.throws(() => providedEntry("constructor", "staging"), fails(/is no secret/, 2));
  });
});
