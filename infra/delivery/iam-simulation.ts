import type { Statement } from "./scope.ts";

/** One call, as IAM sees it. A condition key that is not in `context` is absent from the call. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** IAM's wildcards: `*` any run of characters, `?` one. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(text);
}

/** The operators that the program's own policies use. */
const operators: Readonly<Record<string, (values: readonly string[], given: string | undefined) => boolean>> = {
  StringEquals: (values, given) => given !== undefined && values.includes(given),
  StringEqualsIfExists: (values, given) => given === undefined || values.includes(given),
  StringNotEquals: (values, given) => given === undefined || !values.includes(given),
  StringLike: (values, given) => given !== undefined && values.some((value) => matches(value, given)),
  StringLikeIfExists: (values, given) => given === undefined || values.some((value) => matches(value, given)),
};

function applies({ Action, NotAction, Resource, Condition = {} }: Statement, call: Call): boolean {
  const named = (actions: readonly string[]) => actions.some((pattern) => matches(pattern, call.action));
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => {
      const test = operators[operator];
      if (test === undefined) throw new Error(`the simulation knows no operator ${operator}`);
      return test(list(values), call.context?.[key]);
    }),
  );
  return (
    (NotAction === undefined ? named(list(Action)) : !named(list(NotAction))) &&
    list(Resource).some((pattern) => matches(pattern, call.resource)) &&
    conditions.every(Boolean)
  );
}

/** For tests: allowed by one statement and denied by none. */
export function isAllowed(statements: readonly Statement[], call: Call): boolean {
  const found = statements.filter((statement) => applies(statement, call));
  return found.some(({ Effect }) => Effect === "Allow") && !found.some(({ Effect }) => Effect === "Deny");
}
