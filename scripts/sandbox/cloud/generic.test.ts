import assert from "node:assert/strict";
import { UNKNOWN } from "../values/value.ts";
import { completed, fillGeneric, fillUnknown, genericId } from "./generic.ts";
import type { Schemas } from "./schema/schemas.ts";
import type { PropertyTypes, TypeSchema } from "./schema/type.ts";
import type { Operation } from "./service.ts";

const text = (required: boolean) => ({ type: { kind: "string" }, required }) as const;

const nested: Readonly<Record<string, PropertyTypes>> = {
  "p/output/Rule": {
    name: text(true),
    id: text(true),
    note: text(false),
    inner: { type: { kind: "object", name: "p/output/Inner" }, required: true },
  },
  "p/output/Inner": { arn: text(true), count: { type: { kind: "number" }, required: true } },
};

const schemas: Schemas = {
  object: (name) => nested[name],
  type: () => assert.fail("no type is asked for"),
  provider: () => assert.fail("no provider is asked for"),
  has: () => true,
};

const outputs: PropertyTypes = {
  name: text(true),
  arn: text(true),
  note: text(false),
  rules: { type: { kind: "list", item: { kind: "object", name: "p/output/Rule" } }, required: true },
  byKey: { type: { kind: "map", item: { kind: "object", name: "p/output/Rule" } }, required: false },
};

const operation: Operation = {
  type: "aws:sqs/queue:Queue",
  urn: "urn",
  name: "logical",
  stack: "s",
  location: { partition: "aws", account: "111122223333", region: "eu-west-1" },
  inputs: { name: "given" },
  existing: undefined,
  world: { byId: () => undefined, all: () => [] },
  hex: (label, length) =>
    label
      .replaceAll(/[^a-z]/g, "")
      .padEnd(length, "0")
      .slice(0, length),
};

const schema: TypeSchema = {
  token: operation.type,
  component: false,
  inputs: { name: text(false), mode: text(false), namePrefix: text(false) },
  outputs,
  secretInputs: [],
  secretOutputs: [],
  aliases: [],
};

describe("what the provider computes", () => {
  it("is unknown in preview, inside given objects too, and what is given stays", () => {
    const unknownRule = { name: "a", id: UNKNOWN, inner: UNKNOWN };
    assert.deepEqual(
      completed(
        schemas,
        outputs,
        { name: "n", rules: [{ name: "a" }, UNKNOWN], byKey: { k: { name: "a" } } },
        fillUnknown,
      ),
      { name: "n", arn: UNKNOWN, rules: [unknownRule, UNKNOWN], byKey: { k: unknownRule } },
    );
  });

  it("is asked for with the path to it", () => {
    const paths: string[] = [];
    completed(schemas, outputs, { name: "n", rules: [{ inner: {} }], byKey: { k: {} } }, (_property, _type, path) => {
      paths.push(path);
      return null;
    });
    assert.deepEqual(paths.sort(), [
      "arn",
      "byKey.k.id",
      "byKey.k.inner",
      "byKey.k.name",
      "rules[0].id",
      "rules[0].inner.arn",
      "rules[0].inner.count",
      "rules[0].name",
    ]);
  });

  it("has the form that its name promises", () => {
    const fill = fillGeneric(schemas, schema, operation, "the-id");
    const string = { kind: "string" } as const;
    assert.equal(fill("arn", string, "arn"), "arn:aws:sqs:eu-west-1:111122223333:queue/the-id");
    assert.equal(fill("region", string, "region"), "eu-west-1");
    assert.equal(fill("ownerId", string, "ownerId"), "111122223333");
    assert.equal(fill("mode", string, "mode"), "", "a setting that was not given");
    assert.equal(fill("createdAt", string, "createdAt"), "2025-01-01T00:00:00Z");
    assert.deepEqual(fill("rule", { kind: "object", name: "p/output/Inner" }, "rule"), {
      arn: "arn:aws:sqs:eu-west-1:111122223333:queue/the-id",
      count: 0,
    });
    assert.deepEqual(fill("list", { kind: "list", item: string }, "list"), []);
  });

  it("puts a prefix that was given before the rest of the name", () => {
    const prefixed = { ...operation, inputs: { namePrefix: "app-" } };
    const name = fillGeneric(schemas, schema, prefixed, "id")("name", { kind: "string" }, "name");
    assert.equal(name, `app-${operation.hex("name", 26)}`);
  });

  const ids: [type: string, inputs: Operation["inputs"], form: RegExp][] = [
    ["aws:sqs/queue:Queue", { name: "given" }, /^given$/],
    ["aws:ec2/routeTableAssociation:RouteTableAssociation", {}, /^ta-0.{16}$/],
    ["mongodbatlas:index/project:Project", {}, /^.{24}$/],
    ["cloudflare:index/dnsRecord:DnsRecord", {}, /^.{32}$/],
  ];
  for (const [type, inputs, form] of ids)
    it(`gives ${type} an id like ${form.source}`, () => {
      assert.match(genericId(schema, { ...operation, type, inputs }), form);
    });
});
