import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Properties } from "../../values/value.ts";
import { textAt, textsUnder } from "../fields.ts";
import {
  type CheckFailure,
  type CloudResource,
  type InvokeContext,
  type Location,
  type Operation,
  Refusal,
  type Service,
  type World,
} from "../service.ts";
import { findBy, samePlace } from "./lookup.ts";

export const PRODUCTION: Location = { partition: "aws", account: "111122223333", region: "us-east-1" };
export const STAGING: Location = { partition: "aws", account: "444455556666", region: "us-east-1" };

/** For the services' tests: as much of a cloud as shows a service's rules, in the order in which the cloud asks them. */
export interface TinyWorld {
  readonly world: World;
  create(type: string, name: string, inputs: Properties, location?: Location): CloudResource;
  update(resource: CloudResource, inputs: Properties): CloudResource;
  delete(resource: CloudResource): void;
  check(type: string, inputs: Properties, location?: Location): CheckFailure[];
  invoke(token: string, args: Properties, location?: Location): Properties;
  context(location?: Location): InvokeContext;
}

export function tinyWorld(...services: readonly Service[]): TinyWorld {
  let resources: CloudResource[] = [];
  const rules = Object.assign({}, ...services.map((service) => service.resources)) as Service["resources"];
  const invokes = Object.assign({}, ...services.map((service) => service.invokes ?? {})) as NonNullable<
    Service["invokes"]
  >;
  const world: World = {
    byId: (type, id) => resources.find((resource) => resource.type === type && resource.id === id),
    all: (type) => resources.filter((resource) => resource.type === type),
  };
  const operation = (
    type: string,
    name: string,
    inputs: Properties,
    location: Location,
    existing?: CloudResource,
  ): Operation => ({
    type,
    urn: `urn:pulumi:test::test::${type}::${name}`,
    name,
    stack: "test",
    location,
    inputs,
    existing,
    world,
    hex: (label, length) =>
      createHash("sha512").update(`${location.account}/${type}/${name}/${label}`).digest("hex").slice(0, length),
  });

  function refuseReferences(op: Operation): void {
    for (const { property, types, by, within = "region", refuse } of rules[op.type]?.references ?? []) {
      const known = types
        .flatMap((type) => world.all(type))
        .filter(
          ({ location }) =>
            within === "world" ||
            (within === "account" ? location.account === op.location.account : samePlace(location, op.location)),
        );
      for (const { text } of textsUnder(op.inputs, property))
        if (findBy(known, text, by) === undefined) throw refuse(text, op);
    }
  }

  function refuseTaken(op: Operation): void {
    for (const { property, within, refuse } of rules[op.type]?.unique ?? []) {
      const name = op.inputs[property];
      if (typeof name !== "string") continue;
      const rivals = world
        .all(op.type)
        .filter(
          ({ location, id }) =>
            id !== op.existing?.id &&
            (within === "world" ||
              (within === "account" ? location.account === op.location.account : samePlace(location, op.location))),
        );
      if (findBy(rivals, name, property) !== undefined) throw refuse(name, op);
    }
  }

  const failIf = (refusal: Refusal | undefined): void => {
    if (refusal !== undefined) throw refusal;
  };

  return {
    world,
    check: (type, inputs, location = PRODUCTION) => rules[type]?.check?.(inputs, location) ?? [],
    create(type, name, inputs, location = PRODUCTION) {
      const rule = rules[type] ?? {};
      const op = operation(type, name, inputs, location);
      const [failure] = rule.check?.(inputs, location) ?? [];
      if (failure !== undefined) throw new Refusal("CheckFailure", `${failure.property}: ${failure.reason}`);
      refuseReferences(op);
      failIf(rule.refuseCreate?.(op));
      refuseTaken(op);
      const id = rule.id?.(op) ?? op.hex("id", 17);
      const created: CloudResource = {
        type,
        id,
        urn: op.urn,
        location,
        inputs,
        outputs: { ...inputs, ...rule.computed?.(op, id) },
      };
      resources = [...resources, created, ...(rule.companions?.(op, id) ?? [])];
      return created;
    },
    update(resource, inputs) {
      const rule = rules[resource.type] ?? {};
      const name = resource.urn.split("::").at(-1) ?? "";
      const op = operation(resource.type, name, inputs, resource.location, resource);
      refuseReferences(op);
      failIf(rule.refuseUpdate?.(op));
      refuseTaken(op);
      const updated: CloudResource = {
        ...resource,
        inputs,
        outputs: { ...resource.outputs, ...inputs, ...rule.computed?.(op, resource.id) },
      };
      resources = resources.map((one) => (one === resource ? updated : one));
      return updated;
    },
    delete(resource) {
      const rule = rules[resource.type] ?? {};
      const name = resource.urn.split("::").at(-1) ?? "";
      const op = operation(resource.type, name, resource.inputs, resource.location, resource);
      failIf(rule.refuseDelete?.(op));
      const taken = rule.takes?.(op) ?? [];
      const companions = (rule.companions?.(op, resource.id) ?? []).map(({ id }) => id);
      resources = resources.filter((one) => one !== resource && !(one.urn === "" && companions.includes(one.id)));
      resources = [...resources.filter((one) => !taken.includes(one)), ...(rule.leaves?.(op) ?? [])];
    },
    invoke(token, args, location = PRODUCTION) {
      const invoke = invokes[token];
      if (invoke === undefined) throw new Error(`no invoke ${token}`);
      return invoke(args, { location, world });
    },
    context: (location = PRODUCTION) => ({ location, world }),
  };
}

/** The action is refused with the service's error code; the message, where given, matches. */
export function assertRefused(action: () => unknown, code: string, message = /./): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

/** The property's text; the test fails where it is none. */
export const textIn = (properties: Properties, key: string): string =>
  textAt(properties, key) ?? assert.fail(`${key} is no text`);
