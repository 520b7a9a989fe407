import type { OpenApiDocument } from "../src/documentation/openapi-types.ts";
import { problemPath, type ProblemKind } from "../src/http/problem.ts";

/** Which of the documented answers were seen: `readMap 200`, `readMap not-found`. */
export interface Reached {
  note(method: string, path: string, response: Response): Promise<void>;
  /** Those that were not. */
  missing(): readonly string[];
}

const problemsStart = problemPath("" as ProblemKind);

interface ProblemSchema {
  readonly properties?: { readonly type?: { readonly enum?: readonly string[] } };
}

export function createReached(document: OpenApiDocument): Reached {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      operation === undefined
        ? []
        : [{ method, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`), operation }],
    ),
  );
  const all = operations.flatMap(({ operation: { operationId, responses } }) =>
    Object.entries(responses).flatMap(([status, { content = {} }]) => {
      const schema = content["application/problem+json"]?.schema as ProblemSchema | undefined;
      const kinds = (schema?.properties?.type?.enum ?? []).map((type) => type.slice(problemsStart.length));
      const answers = content["application/json"] !== undefined || schema === undefined ? [status] : [];
      return [...answers, ...kinds].map((outcome) => `${operationId} ${outcome}`);
    }),
  );
  const seen = new Set<string>();
  return {
    async note(method, path, response) {
      const bare = path.split("?")[0] ?? "";
      const found = operations.find((one) => one.method === method.toLowerCase() && one.pattern.test(bare));
      if (found === undefined) return;
      const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json") === true;
      const outcome = isProblem
        ? ((await response.clone().json()) as { readonly type: string }).type.slice(problemsStart.length)
        : String(response.status);
      seen.add(`${found.operation.operationId} ${outcome}`);
    },
    missing: () => all.filter((outcome) => !seen.has(outcome)),
  };
}
