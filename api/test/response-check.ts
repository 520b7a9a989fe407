import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type {
  HeaderObject,
  JsonSchema,
  OpenApiDocument,
  OperationObject,
  Reference,
  ResponseObject,
} from "../src/documentation/openapi-types.ts";

/** An answer as a client has it. */
export interface Received {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface ResponseCheck {
  /** What in an answer the document does not say; empty where all is as documented. */
  faultsOf(received: Received): readonly string[];
  /** The same for a path or method that the document must not have: an answer of 404 or 405, or to OPTIONS. */
  undocumentedFaultsOf(received: Received): readonly string[];
}

const noBody: ReadonlySet<number> = new Set([204, 304]);

/** Checks answers against an OpenAPI 3.1 document. Throws where the document has a schema that is none. */
export function createResponseCheck(document: OpenApiDocument): ResponseCheck {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
  addFormats.default(ajv);
  for (const [name, schema] of Object.entries(document.components.schemas))
    ajv.addSchema(standingAlone(schema), `${schemasBase}${name}`);
  const validators = new Map<JsonSchema, ValidateFunction>();
  const validatorOf = (schema: JsonSchema): ValidateFunction => {
    const known = validators.get(schema) ?? ajv.compile(standingAlone(schema));
    validators.set(schema, known);
    return known;
  };
  const paths = Object.keys(document.paths).map((path) => ({ path, pattern: patternOf(path) }));

  const operationOf = ({ method, path }: Received): OperationObject | undefined => {
    // A path without parameters comes before one whose parameter would take it.
    const matching = paths.filter(({ pattern }) => pattern.test(path)).sort((a, b) => parameters(a) - parameters(b));
    const item = matching[0] && document.paths[matching[0].path];
    return item?.[method === "HEAD" ? "get" : method.toLowerCase()];
  };

  const headerOf = (header: HeaderObject | Reference): HeaderObject | undefined =>
    "$ref" in header ? document.components.headers[header.$ref.split("/").at(-1) ?? ""] : header;

  const headerFaults = (response: ResponseObject, headers: Headers): string[] =>
    Object.entries(response.headers ?? {}).flatMap(([name, documented]) => {
      const header = headerOf(documented);
      const value = headers.get(name);
      if (header === undefined) return [`the document refers to a header ${name} that it does not have`];
      if (value === null) return header.required ? [`the header ${name} is missing`] : [];
      const validate = validatorOf(header.schema);
      const typed = header.schema["type"] === "integer" ? Number(value) : value;
      return validate(typed)
        ? []
        : [`the header ${name} is ${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`];
    });

  const bodyFaults = (response: ResponseObject, { method, status, headers, body }: Received): string[] => {
    const type = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    const content = response.content ?? {};
    const mustBeEmpty = noBody.has(status) || method === "HEAD" || response.content === undefined;
    if (mustBeEmpty)
      return body.length === 0 ? [] : [`there is a body of ${body.length} bytes, and none is documented`];
    const media = content[type];
    if (media === undefined)
      return [`the media type is ${JSON.stringify(type)}, documented are ${Object.keys(content).join(", ")}`];
    if (!/[/+]json$/.test(type)) return [];
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(body).toString("utf8"));
    } catch {
      return ["the body is not JSON"];
    }
    if (media.schema === undefined) return [];
    const validate = validatorOf(media.schema);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) =>
            `the body${instancePath === "" ? "" : ` at ${instancePath}`} ${message ?? "is wrong"} (${JSON.stringify(params)})`,
        );
  };

  const problemSchema = document.components.schemas["Problem"];
  const anyProblem: ResponseObject = {
    description: "Any problem.",
    headers: { "X-Request-Id": { $ref: "#/components/headers/X-Request-Id" } },
    content: { "application/problem+json": { ...(problemSchema && { schema: problemSchema }) } },
  };

  return {
    faultsOf(received) {
      const operation = operationOf(received);
      if (operation === undefined)
        return ["it is not documented; ask with `undocumented: true` where that is what the test is about"];
      const response = operation.responses[String(received.status)];
      if (response === undefined)
        return [
          `the status is not documented for ${operation.operationId}, only ${Object.keys(operation.responses).join(", ")}`,
        ];
      return [...headerFaults(response, received.headers), ...bodyFaults(response, received)];
    },
    undocumentedFaultsOf(received) {
      const operation = operationOf(received);
      if (operation !== undefined) return [`it is documented as ${operation.operationId}`];
      if (received.method === "OPTIONS" && received.status === 204)
        return received.body.length === 0 ? [] : ["an answer to OPTIONS has a body"];
      if (received.status < 400) return ["nothing undocumented may succeed"];
      return [...headerFaults(anyProblem, received.headers), ...bodyFaults(anyProblem, received)];
    },
  };
}

const parameters = ({ path }: { readonly path: string }): number => path.split("{").length - 1;

/** `/map/{userId}` as a pattern of whole paths; a parameter is one segment. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]+")}$`);

const schemasBase = "schema:";

/** A schema of the document as one of its own, whose references name the others. */
function standingAlone(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === "$ref" && typeof value === "string" ? value.replace("#/components/schemas/", schemasBase) : value,
  );
  return JSON.parse(text) as JsonSchema;
}
