import assert from "node:assert/strict";
import { UserError } from "../sandbox/user-error.ts";
import {
  checkedValue,
  listSecrets,
  providedEntry,
  setSecret,
  type SecretsService,
  type SecretsStack,
  type StoredSecret,
} from "./commands.ts";

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
  changed: undefined,
  ...over,
});

/** Secrets Manager that notes what it is asked and told. */
function serviceOf(...secrets: readonly StoredSecret[]) {
  const prefixes: string[] = [];
  const put: { arn: string; value: string }[] = [];
  const service: SecretsService = {
    list: (prefix) => {
      prefixes.push(prefix);
      return Promise.resolve(secrets);
    },
    put: (arn, value) => {
      put.push({ arn, value });
      return Promise.resolve();
    },
  };
  return { service, prefixes, put };
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

describe("npm run secrets -- list", () => {
  it("says which entries have a value, and what to do about the others", async () => {
    const { service, put } = serviceOf(
      stored("jwt-signing-keys", { hasValue: true, changed: new Date("2026-10-04T12:00:00Z") }),
      stored("mail-api-key"),
    );
    const [head = "", ...rows] = await listSecrets(staging, service);
    assert.match(head, /^secret +owner +value +state$/);
    const state = (entry: string) =>
      rows
        .find((row) => row.startsWith(entry))
        ?.split(/ {2,}/)
        .at(-1);
    assert.equal(state("jwt-signing-keys"), "set on 2026-10-04");
    assert.equal(state("mail-api-key"), "empty: npm run secrets -- set mail-api-key --stack staging");
    assert.equal(state("sentry-dsn"), "not there: bring the stack up first");
    assert.deepEqual(put, []);
  });
});

describe("an entry that a person may set", () => {
  it("is no property that every object has", () => {
    assert.throws(() => providedEntry("constructor", "staging"), fails(/is no secret/, 2));
  });
});
