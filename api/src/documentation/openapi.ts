import type { z } from "zod";
import { type ProblemKind, problemKinds, problemPath } from "../http/problem.ts";
import { type AnswerContract, type RouteContract, routeClasses } from "../http/route.ts";
import { createSchemas, type Schemas } from "./openapi-schemas.ts";
import type {
  HeaderObject,
  JsonSchema,
  MediaTypeObject,
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  Reference,
  ResponseObject,
} from "./openapi-types.ts";
import { exampleOf, kindsByStatus, problemSchema } from "./problem-examples.ts";
import { problemsOf } from "./route-problems.ts";

export interface OpenApiFacts {
  readonly version: string;
}

const securityScheme = "accessToken";
const json = "application/json";
const problemJson = "application/problem+json";

const count = { type: "integer", minimum: 0 } as const;

/** Headers that more than one route answers with. */
const headers = {
  "X-Request-Id": {
    description: "The request's id: the client's own where it sent a valid one. The logs name it.",
    required: true,
    schema: { type: "string", pattern: "^[A-Za-z0-9._:-]{8,64}$" },
  },
  "RateLimit-Limit": { description: "Requests that the window allows.", required: true, schema: count },
  "RateLimit-Remaining": { description: "Requests left in the window.", required: true, schema: count },
  "RateLimit-Reset": { description: "Seconds until the window is over.", required: true, schema: count },
  "Retry-After": { description: "Seconds after which to try again.", required: true, schema: count },
  "WWW-Authenticate": { description: "How to sign in.", required: true, schema: { type: "string" } },
} as const satisfies Readonly<Record<string, HeaderObject>>;

type SharedHeader = keyof typeof headers;

const rateLimit = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"] as const;

/** Headers of a route that do not stand in each of its answers. */
const sometimes: ReadonlySet<string> = new Set(["Age", "Idempotency-Replayed"]);

/** What a problem's answers have beside the headers of all. */
const problemHeaders: Readonly<Partial<Record<ProblemKind, readonly SharedHeader[]>>> = {
  unauthenticated: ["WWW-Authenticate"],
  "too-many-requests": [...rateLimit, "Retry-After"],
  overloaded: ["Retry-After"],
  "read-only": ["Retry-After"],
};

const refer = (names: readonly SharedHeader[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/**
 * The OpenAPI 3.1 document of the routes, from the schemas that validate their requests. Requests are described as they
 * are sent, answers as they are written. Throws where a schema has no form in JSON Schema; the error names the route.
 */
export function openApiDocument(contracts: readonly RouteContract[], { version }: OpenApiFacts): OpenApiDocument {
  const schemas = createSchemas();
  const problem = schemas.of(problemSchema, "output", "Problem");
  const byPath = Map.groupBy(contracts, ({ path }) => path);
  const paths = [...byPath].map(([path, group]) => [
    path,
    Object.fromEntries(group.map((contract) => [contract.method, operationOf(contract, schemas, problem)])),
  ]);
  return {
    openapi: "3.1.1",
    info: {
      title: "Practice maps",
      version,
      description:
        "Practice maps of users, with the uploads and feature flags around them. " +
        "Every error is a problem document (RFC 9457); its type says more at its path.",
    },
    servers: [{ url: "/" }],
    tags: [...new Set(contracts.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(paths) as OpenApiDocument["paths"],
    components: {
      schemas: schemas.shared,
      headers,
      securitySchemes: { [securityScheme]: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

function operationOf(contract: RouteContract, schemas: Schemas, problem: JsonSchema): OperationObject {
  const { id, summary, description, tag, access, params, query, headers: sent, body } = contract;
  const parameters = [
    ...parametersOf("path", params, schemas, id),
    ...parametersOf("query", query, schemas, id),
    ...parametersOf("header", sent, schemas, id),
  ];
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: access === "caller" ? [{ [securityScheme]: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        description: `${body.description} At most ${body.maxBytes} bytes.`,
        required: true,
        content: { [json]: { schema: schemas.of(body.schema, "input", `${id}.request`) } },
      },
    }),
    responses: responsesOf(contract, schemas, problem),
  };
}

function parametersOf(
  where: ParameterObject["in"],
  schema: z.ZodObject | undefined,
  schemas: Schemas,
  id: string,
): ParameterObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemas.of(schema, "input", `${id}.${where}`);
  return Object.entries(properties as Readonly<Record<string, JsonSchema>>).map(([name, { description, ...rest }]) => ({
    name: where === "header" ? name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name,
    in: where,
    required: (required as readonly string[]).includes(name),
    ...(typeof description === "string" && { description }),
    schema: rest,
  }));
}

function responsesOf(contract: RouteContract, schemas: Schemas, problem: JsonSchema): Record<string, ResponseObject> {
  const answers = Object.entries(contract.answers).map(([status, answer]): [string, ResponseObject] => [
    status,
    answered(contract, answer, schemas, `${contract.id}.${status}`),
  ]);
  const problems = [...kindsByStatus(problemsOf(contract))].map(([status, kinds]): [string, ResponseObject] => [
    String(status),
    refused(kinds, problem),
  ]);
  const responses: Record<string, ResponseObject> = Object.fromEntries(answers);
  for (const [status, response] of problems) {
    const answer = responses[status];
    responses[status] = answer === undefined ? response : eitherOf(answer, response);
  }
  return responses;
}

function answered(contract: RouteContract, answer: AnswerContract, schemas: Schemas, where: string): ResponseObject {
  const { description, body, mediaType, headers: own = {} } = answer;
  const limited = routeClasses[contract.class].limit === "none" ? [] : rateLimit;
  const content: Record<string, MediaTypeObject> | undefined = body
    ? { [mediaType ?? json]: { schema: schemas.of(body, "output", where) } }
    : mediaType === undefined
      ? undefined
      : { [essenceOf(mediaType)]: {} };
  return {
    description,
    headers: { ...refer(["X-Request-Id", ...limited]), ...ownHeaders(own) },
    ...(content && { content }),
  };
}

/** A media type without its parameters. */
export const essenceOf = (mediaType: string): string => (mediaType.split(";")[0] ?? "").trim().toLowerCase();

const ownHeaders = (own: Readonly<Record<string, string>>): Record<string, HeaderObject> =>
  Object.fromEntries(
    Object.entries(own).map(([name, description]) => [
      name,
      { description, required: !sometimes.has(name), schema: { type: "string" } },
    ]),
  );

function refused(kinds: readonly ProblemKind[], problem: JsonSchema): ResponseObject {
  const status = kinds.map((kind) => problemKinds[kind].status)[0];
  // Where the kinds of one status differ, a header that not all have is not promised.
  const shared = headersOfAll(kinds);
  return {
    description: kinds.map((kind) => `${problemKinds[kind].title} (\`${kind}\`).`).join(" "),
    headers: refer(["X-Request-Id", ...shared]),
    content: {
      [problemJson]: {
        schema: {
          allOf: [problem],
          properties: { type: { enum: kinds.map(problemPath) }, status: { const: status } },
        },
        examples: Object.fromEntries(kinds.map((kind) => [kind, { value: exampleOf(kind) }])),
      },
    },
  };
}

const headersOfAll = (kinds: readonly ProblemKind[]): SharedHeader[] => {
  const sets = kinds.map((kind) => new Set(problemHeaders[kind] ?? []));
  return [...(sets[0] ?? [])].filter((name) => sets.every((set) => set.has(name)));
};

/** One status that is an answer of the route and also of a problem. */
function eitherOf(answer: ResponseObject, problem: ResponseObject): ResponseObject {
  return {
    description: `${answer.description} Or: ${problem.description}`,
    headers: refer(["X-Request-Id"]),
    content: { ...answer.content, ...problem.content },
  };
}
