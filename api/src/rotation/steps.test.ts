import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { firstKeySet, keyBytes, parseKeySet, signingKey, type KeySet } from "../auth/key-set.ts";
import { parseEvent, rotate, type RotationEvent, type SecretStore, type Step } from "./steps.ts";

const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:groundwork-staging-secrets/jwt-signing-keys";
const order: readonly Step[] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/** Secrets Manager as far as a rotation sees it. `fails` makes the nth call from now fail, before or after its effect. */
class FakeSecret implements SecretStore {
  readonly values = new Map<string, string>();
  readonly labels = new Map<string, string[]>();
  writes = 0;
  #call = 0;
  #failure: { readonly call: number; readonly moment: "before" | "after" } | undefined;

  constructor(initial: string) {
    this.values.set("initial", initial);
    this.labels.set("initial", ["AWSCURRENT"]);
  }

  fails(call: number, moment: "before" | "after"): void {
    this.#call = 0;
    this.#failure = { call, moment };
  }

  #answer<T>(work: () => T): Promise<T> {
    const moment = ++this.#call === this.#failure?.call ? this.#failure.moment : undefined;
    if (moment === "before") return Promise.reject(new Error("the service is away"));
    const result = work();
    return moment === "after" ? Promise.reject(new Error("the answer was lost")) : Promise.resolve(result);
  }

  stages() {
    return this.#answer(() => Object.fromEntries(this.labels));
  }

  value(versionId: string) {
    return this.#answer(() => this.values.get(versionId));
  }

  stage(versionId: string, value: string) {
    return this.#answer(() => {
      assert.ok([undefined, value].includes(this.values.get(versionId)), "a version's value never changes");
      this.writes += 1;
      this.values.set(versionId, value);
    });
  }

  promote(versionId: string, from: string) {
    return this.#answer(() => {
      assert.deepEqual(this.labels.get(from), ["AWSCURRENT"]);
      for (const [id, labels] of this.labels) if (labels.includes("AWSPREVIOUS")) this.labels.delete(id);
      this.labels.set(from, ["AWSPREVIOUS"]);
      this.labels.set(versionId, ["AWSCURRENT", "AWSPENDING"]);
      this.writes += 1;
    });
  }

  /** What Secrets Manager does before it calls the function. */
  begin(versionId: string): void {
    for (const [id, labels] of this.labels)
      this.labels.set(
        id,
        labels.filter((label) => label !== "AWSPENDING"),
      );
    this.labels.set(versionId, ["AWSPENDING"]);
  }

  get current(): KeySet {
    const [id = ""] = [...this.labels].find(([, labels]) => labels.includes("AWSCURRENT")) ?? [];
    return parseKeySet(this.values.get(id) ?? "");
  }
}

const newSecret = () => new FakeSecret(JSON.stringify(firstKeySet(randomBytes(2 * keyBytes))));
const event = (step: Step, version: string, SecretId = secretArn): RotationEvent => ({
  Step: step,
  SecretId,
  ClientRequestToken: version,
});
const perform = (store: FakeSecret, step: Step, version: string) =>
  rotate(event(step, version), { secretArn, store, newKey: () => signingKey(randomBytes(keyBytes)) });

async function rotateOnce(store: FakeSecret, version: string): Promise<void> {
  store.begin(version);
  for (const step of order) await perform(store, step, version);
}

describe("a rotation", () => {
  it("runs new, both valid, switched, retired", async () => {
    const store = newSecret();
    const initial = store.current;
    await rotateOnce(store, "v1");
    const first = store.current;
    assert.deepEqual([first.current, first.previous], [initial.next, initial.current]);
    assert.notEqual(first.next.kid, initial.next.kid);

    await rotateOnce(store, "v2");
    const second = store.current;
    assert.deepEqual([second.current, second.previous], [first.next, initial.next]);
    const known = [second.current, second.previous, second.next].map((key) => key?.kid);
    assert.ok(!known.includes(initial.current.kid), "what signed two rotations ago is retired");
  });

  it("says what each step did", async () => {
    const store = newSecret();
    store.begin("v1");
    const outcomes = [];
    for (const step of order) outcomes.push(await perform(store, step, "v1"));
    assert.deepEqual(outcomes, ["made", "nothing to set", "tested", "switched"]);
  });

  for (const [index, step] of order.entries())
    it(`may repeat ${step}`, async () => {
      const store = newSecret();
      store.begin("v1");
      for (const earlier of order.slice(0, index + 1)) await perform(store, earlier, "v1");
      const { writes } = store;
      const values = new Map(store.values);
      await perform(store, step, "v1");
      assert.equal(store.writes, writes);
      assert.deepEqual(store.values, values);
    });

  for (const step of order)
    for (const moment of ["before", "after"] as const)
      it(`ends the same when any call of ${step} fails ${moment} its effect and the step is repeated`, async () => {
        for (let call = 1; call <= 6; call++) {
          const store = newSecret();
          const initial = store.current;
          store.begin("v1");
          for (const one of order) {
            if (one === step) {
              store.fails(call, moment);
              await perform(store, one, "v1").catch(() => undefined);
              store.fails(0, moment);
            }
            await perform(store, one, "v1");
          }
          assert.deepEqual(store.labels.get("v1"), ["AWSCURRENT", "AWSPENDING"]);
          assert.equal(store.current.current.kid, initial.next.kid);
          assert.equal(store.current.previous?.kid, initial.current.kid);
        }
      });

  it("refuses a foreign secret before it reads anything", async () => {
    const store = newSecret();
    store.fails(1, "before");
    const foreign = event("createSecret", "v1", `${secretArn}-of-another`);
    await assert.rejects(
      rotate(foreign, { secretArn, store, newKey: () => signingKey(randomBytes(keyBytes)) }),
      /refused: this function rotates/,
    );
  });

  it("refuses a version that the secret does not have, and one that is not staged", async () => {
    const store = newSecret();
    await assert.rejects(perform(store, "createSecret", "v1"), /no version v1/);
    store.labels.set("v1", ["AWSPREVIOUS"]);
    await assert.rejects(perform(store, "createSecret", "v1"), /not staged as AWSPENDING/);
  });

  it("passes Secrets Manager's own test of a new rotation, a copy of the value", async () => {
    const store = newSecret();
    store.begin("trial");
    store.values.set("trial", store.values.get("initial") ?? "");
    assert.equal(await perform(store, "testSecret", "trial"), "tested");
  });

  const wrong: readonly [what: string, value: (set: KeySet) => unknown, says: RegExp][] = [
    ["no value", () => undefined, /version v1 has no value/],
    ["no key set", () => "password", /current key/],
    [
      "a key that nobody knows",
      ({ current, previous }) => ({ ...firstKeySet(randomBytes(64)), previous: previous ?? current }),
      /nobody knows yet/,
    ],
    ["no key that is valid now", ({ next }) => ({ current: next, previous: null, next }), /does not accept tokens/],
  ];
  for (const [what, value, says] of wrong)
    it(`does not switch to a version with ${what}`, async () => {
      for (const step of ["testSecret", "finishSecret"] as const) {
        const store = newSecret();
        const initial = store.current;
        store.begin("v1");
        const staged = value(initial);
        if (staged !== undefined) store.values.set("v1", JSON.stringify(staged));
        await assert.rejects(perform(store, step, "v1"), says);
        assert.deepEqual(store.current, initial);
      }
    });
});

describe("a rotation's event", () => {
  it("is what Secrets Manager sends", () => {
    assert.deepEqual(parseEvent({ ...event("setSecret", "v1"), RotationToken: "t" }), event("setSecret", "v1"));
  });

  for (const other of [null, "createSecret", {}, { ...event("setSecret", "v1"), Step: "deleteSecret" }])
    it(`is not ${JSON.stringify(other)}`, () => assert.throws(() => parseEvent(other), /no rotation event/));
});
