import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";
import { flagsContract } from "../flags/contract.ts";
import { healthContract, livenessContract, readinessContract } from "../health/contract.ts";
import { heartbeatContract } from "../heartbeat/contract.ts";
import { exposedHeaders, requestHeaders } from "../http/cors.ts";
import { problemKinds } from "../http/problem.ts";
import type { RouteContract } from "../http/route.ts";
import { readMapContract, removeMapContract, updateMapContract } from "../maps/contract.ts";
import { uploadContract } from "../media/contract.ts";
import { openApiDocument } from "./openapi.ts";
import type { JsonSchema, OpenApiDocument } from "./openapi-types.ts";
import { documented } from "./routes.ts";

const contracts: readonly RouteContract[] = documented([
  heartbeatContract,
  livenessContract,
  readinessContract,
  healthContract,
  updateMapContract,
  readMapContract,
  removeMapContract,
  uploadContract,
  flagsContract,
]);

const route = {
  id: "one",
  method: "get",
  path: "/one",
  summary: "One",
  tag: "t",
  class: "probe",
  access: "anyone",
  answers: { 200: { description: "It." } },
} as const satisfies RouteContract;

/** Every value within a document with its place, as a JSON pointer. */
function* within(value: unknown, place = "#"): Generator<readonly [place: string, value: object]> {
  if (typeof value !== "object" || value === null) return;
  yield [place, value];
  for (const [key, inner] of Object.entries(value))
    yield* within(inner, `${place}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}

function at(document: OpenApiDocument, reference: string): unknown {
  const keys = reference.split("/").slice(1);
  return keys.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<string, unknown>>)[key.replaceAll("~1", "/").replaceAll("~0", "~")]
        : undefined,
    document,
  );
}

describe("the OpenAPI document", () => {
  const document = openApiDocument(contracts, { version: "1.4.0" });
  const operations = Object.values(document.paths).flatMap((item) =>
    Object.values(item).filter((one) => one !== undefined),
  );

  it("fits the meta-schema of OpenAPI 3.1", async () => {
    const document = structuredClone(openApiDocument(contracts, { version: "1.0.0" }));
    const { valid, errors } = await new Validator().validate({ ...document });
    assert.ok(valid, JSON.stringify(errors, undefined, 1));
  });

  it("is JSON, of version 3.1, of this release, and the same each time", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.equal(document.info.version, "1.4.0");
    assert.deepEqual(openApiDocument(contracts, { version: "1.4.0" }), document);
  });

  it("has each route once, under an id of its own", () => {
    assert.equal(operations.length, contracts.length);
    assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, contracts.length);
  });

  it("refers to nothing that it does not have", () => {
    const references = [...within(document)].flatMap(([place, value]) =>
      "$ref" in value && typeof value.$ref === "string" ? [[place, value.$ref] as const] : [],
    );
    assert.ok(references.length > 20);
    for (const [place, reference] of references) {
      assert.match(reference, /^#\/components\//, place);
      assert.notEqual(at(document, reference), undefined, `${place}: ${reference}`);
    }
  });

  it("has no schema that JSON Schema 2020-12 does not take, and no example that does not fit its own", () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
    addFormats.default(ajv);
    const base = "schema:";
    const alone = (schema: object): JsonSchema =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${base}`)) as JsonSchema;
    for (const [name, schema] of Object.entries(document.components.schemas)) ajv.addSchema(alone(schema), base + name);
    let examples = 0;
    const fits = (place: string, schema: object, example: unknown): void => {
      const validate = ajv.compile(alone(schema));
      assert.ok(validate(example), `${place}: ${JSON.stringify(example)}: ${ajv.errorsText(validate.errors)}`);
      examples++;
    };
    for (const [place, value] of within(document)) {
      if ("schema" in value && typeof value.schema === "object" && value.schema !== null) {
        ajv.compile(alone(value.schema));
        if ("examples" in value)
          for (const { value: example } of Object.values(
            value.examples as Readonly<Record<string, { value: unknown }>>,
          ))
            fits(place, value.schema, example);
      }
      if ("examples" in value && Array.isArray(value.examples))
        for (const example of value.examples) fits(place, value, example);
    }
    assert.ok(examples > 50, String(examples));
  });

  it("describes each parameter of a path, and no other", () => {
    for (const [path, item] of Object.entries(document.paths)) {
      const named = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
      for (const operation of Object.values(item)) {
        const described = operation?.parameters?.filter((one) => one.in === "path") ?? [];
        assert.deepEqual(
          described.map(({ name }) => name),
          named,
          path,
        );
        assert.ok(described.every(({ required }) => required));
      }
    }
  });

  it("asks for an access token where a route is for callers, and says so", () => {
    for (const { id, access } of contracts) {
      const operation = operations.find(({ operationId }) => operationId === id);
      const isForCallers = access === "caller";
      assert.deepEqual(operation?.security, isForCallers ? [{ accessToken: [] }] : [], id);
      assert.equal("401" in operation.responses, isForCallers, id);
    }
    assert.deepEqual(document.components.securitySchemes["accessToken"], {
      type: "http",
      scheme: "bearer",
      bearerFormat: "JWT",
    });
  });

  it("answers every error with a problem document of kinds that there are", () => {
    for (const { operationId, responses } of operations)
      for (const [status, { content = {} }] of Object.entries(responses).filter(([code]) => code >= "400")) {
        const problem = content["application/problem+json"];
        if (problem === undefined) {
          // Readiness says 503 in its own words.
          assert.match(operationId, /Readiness|Health/);
          continue;
        }
        for (const kind of Object.keys(problem.examples ?? {}))
          assert.equal(String(problemKinds[kind as keyof typeof problemKinds].status), status);
      }
  });

  it("names the limits' headers where a route is limited, and the request's id everywhere", () => {
    for (const { operationId, responses } of operations)
      for (const [status, { headers = {} }] of Object.entries(responses)) {
        assert.ok("X-Request-Id" in headers, `${operationId} ${status}`);
        if (status === "429") assert.ok("Retry-After" in headers && "RateLimit-Remaining" in headers);
      }
    const readMap = operations.find(({ operationId }) => operationId === "readMap");
    assert.ok("RateLimit-Limit" in (readMap?.responses["200"]?.headers ?? {}));
    assert.ok(!("RateLimit-Limit" in (document.paths["/heartbeat"]?.["get"]?.responses["200"]?.headers ?? {})));
  });

  it("names no header that a page of another origin may not send or read", () => {
    // Of the list that browsers let through by themselves, what this API uses.
    const readable = new Set(["cache-control", ...exposedHeaders.map((name) => name.toLowerCase())]);
    const sendable = new Set(requestHeaders.map((name) => name.toLowerCase()));
    for (const { operationId, parameters = [], responses } of operations) {
      for (const { name, in: where } of parameters)
        assert.ok(where !== "header" || sendable.has(name.toLowerCase()), `${operationId}: ${name}`);
      for (const { headers = {} } of Object.values(responses))
        for (const name of Object.keys(headers)) assert.ok(readable.has(name.toLowerCase()), `${operationId}: ${name}`);
    }
  });

  it("describes requests as they are sent, and answers as they are written", () => {
    const schema = z.object({ count: z.string().default("1").transform(Number).pipe(z.number()) });
    const { paths } = openApiDocument(
      [
        {
          ...route,
          method: "post",
          body: { schema, maxBytes: 9, description: "It." },
          answers: { 200: { description: "It.", body: z.object({ count: z.number().default(1) }) } },
        },
      ],
      { version: "1" },
    );
    const operation = paths["/one"]?.["post"];
    assert.deepEqual(operation?.requestBody?.content["application/json"]?.schema, {
      type: "object",
      properties: { count: { type: "string", default: "1" } },
    });
    assert.deepEqual(operation.responses["200"]?.content?.["application/json"]?.schema, {
      type: "object",
      properties: { count: { type: "number", default: 1 } },
      required: ["count"],
      additionalProperties: false,
    });
  });

  it("puts what schemas share in one place, and keeps two apart that only share a name", () => {
    const tree = z.json();
    const named = z.string().meta({ id: "Name" });
    const other = z.int().meta({ id: "Other" });
    const answers = (body: z.ZodType) => ({ 200: { description: "It.", body } });
    const made = openApiDocument(
      [
        { ...route, answers: answers(z.object({ tree, named, again: named })) },
        { ...route, id: "two", path: "/two", answers: answers(z.object({ named, other })) },
      ],
      { version: "1" },
    );
    assert.deepEqual(Object.keys(made.components.schemas).sort(), ["Name", "Other", "Problem", "one.200.schema0"]);
    assert.match(
      JSON.stringify(made.components.schemas["one.200.schema0"]),
      /"#\/components\/schemas\/one\.200\.schema0"/,
    );
    assert.doesNotMatch(JSON.stringify(made), /\$defs/);
  });

  it("names the route whose schema cannot be written", () => {
    const answers = { 200: { description: "It.", body: z.object({ at: z.date() }) } };
    assert.throws(
      () => openApiDocument([{ ...route, answers }], { version: "1" }),
      /^Error: one\.200: has no JSON Schema/,
    );
  });
});
