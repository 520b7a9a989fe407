import type { Environment } from "../environment.ts";
import { contentTagOf, namesTag } from "../http/content-tag.ts";
import { ProblemError, type ProblemKind, problemKinds, problemPath } from "../http/problem.ts";
import { type Route, type RouteContract, route } from "../http/route.ts";
import { pageHeaders } from "../http/security-headers.ts";
import { openApiContract, pageContract, problemContract } from "./contract.ts";
import { openApiDocument } from "./openapi.ts";
import { pageFiles } from "./page.ts";
import { problemMeanings } from "./problem-meanings.ts";

export interface DocumentationOptions {
  readonly environment: Pick<Environment, "VERSION">;
}

/** Five minutes: after a release the old document may still be read for so long. */
const publicHeaders = { "Cache-Control": "public, max-age=300" } as const;

/** Runs it at the first call and keeps what it gave; a failure is not kept. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Answers with a content that stays the same while the process runs, or 304. */
function content(read: () => Promise<string | Buffer>, own: Readonly<Record<string, string>> = {}) {
  const prepared = once(async () => {
    const text = Buffer.from(await read());
    return { text, headers: { ...publicHeaders, ...own, ETag: contentTagOf(text) } };
  });
  return async (ifNoneMatch: string | undefined) => {
    const { text, headers } = await prepared();
    return namesTag(ifNoneMatch, headers.ETag)
      ? ({ status: 304, headers } as const)
      : ({ status: 200, headers, text } as const);
  };
}

/** The contracts of all routes, with those of the documentation itself. */
export const documented = (contracts: readonly RouteContract[]): readonly RouteContract[] => [
  ...contracts,
  openApiContract,
  ...pageFiles.map(pageContract),
  problemContract,
];

/** `/openapi.json`, the page at `/docs`, and what each type of problem means. */
export function documentationRoutes(
  routes: readonly Pick<Route, "contract">[],
  { environment }: DocumentationOptions,
): readonly Route[] {
  const contracts = documented(routes.map(({ contract }) => contract));
  const document = content(() =>
    Promise.resolve(JSON.stringify(openApiDocument(contracts, { version: environment.VERSION }))),
  );
  return [
    route(openApiContract, ({ headers }) => document(headers["if-none-match"])),
    ...pageFiles.map((file) => {
      const answer = content(file.read, pageHeaders);
      return route(pageContract(file), ({ headers }) => answer(headers["if-none-match"]));
    }),
    route(problemContract, ({ params: { kind } }) => {
      if (!isKind(kind)) throw new ProblemError("not-found");
      const { status, title } = problemKinds[kind];
      return {
        status: 200,
        headers: publicHeaders,
        body: { type: problemPath(kind), status, title, ...problemMeanings[kind] },
      } as const;
    }),
  ];
}

const isKind = (kind: string): kind is ProblemKind => Object.hasOwn(problemKinds, kind);
