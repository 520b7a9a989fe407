import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { didYouMean, nearestOf } from "../sandbox/project/nearest.ts";
import { codeOf, messageOf, UserError } from "../sandbox/user-error.ts";
import { type Amount, amount } from "./money.ts";
import { exactly, type Range } from "./range.ts";
import { type Assumption, type EnvironmentName, type Usage, type UsageName, usages } from "./usage.ts";

type Usages = Readonly<Record<EnvironmentName, Usage>>;

const decimal = z.union([z.number(), z.string()]).transform((given, context): Amount => {
  // A number is taken as it is written, since its shortest text is what stood in the file.
  const text = String(given).trim();
  if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return amount(text);
  context.addIssue({
    code: "custom",
    message: `is ${JSON.stringify(given)}; it must be a number that is not negative`,
  });
  return z.NEVER;
});

const levels = z
  .strictObject({ low: decimal, expected: decimal, high: decimal, why: z.string().min(1).optional() })
  .refine(({ low, expected, high }) => low.lessThanOrEqualTo(expected) && expected.lessThanOrEqualTo(high), {
    error: "must ascend from low through expected to high",
  });

/** One number for all three levels, or each of them, and why. */
const assumption = z.union([decimal, levels]);
const block = z.record(z.string(), z.unknown());

/**
 * What `--usage FILE` replaces: environment to assumption to a number, or to `{ low, expected, high, why }`. YAML or
 * JSON. Throws a UserError of one line for what it does not know or understand.
 */
export async function readUsages(file: string): Promise<Usages> {
  try {
    return usagesFrom(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} cannot be read (${codeOf(error) ?? messageOf(error)}): name a readable file`, 2);
  }
}

export function usagesFrom(text: string, file: string): Usages {
  const given = blockOf(parsed(text, file), file, "environments, each with its assumptions");
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(usages, name));
  if (unknown !== undefined)
    throw new UserError(`${file}: ${unknown} is no environment: ${didYouMean(unknown, Object.keys(usages))}`, 2);
  const replaced = (environment: EnvironmentName): Usage => {
    const own = given[environment];
    const base = usages[environment];
    return own === undefined || own === null ? base : { ...base, ...changesOf(own, base, environment, file) };
  };
  return { production: replaced("production"), staging: replaced("staging"), preview: replaced("preview") };
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const [line = ""] = messageOf(error).split("\n");
    throw new UserError(`${file} is neither YAML nor JSON: ${line.replace(/:$/, "")}`, 2);
  }
}

function blockOf(value: unknown, where: string, what: string): Readonly<Record<string, unknown>> {
  const result = block.safeParse(value ?? {});
  if (!result.success) throw new UserError(`${where} must be a map of ${what}`, 2);
  return result.data;
}

function changesOf(own: unknown, base: Usage, environment: EnvironmentName, file: string): Partial<Usage> {
  const entries = Object.entries(blockOf(own, `${file}: ${environment}`, "assumptions"));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const where = `${file}: ${environment}.${name}`;
      if (!isName(name, base))
        throw new UserError(`${where} is no assumption; ${nearestOf(name, Object.keys(base))}`, 2);
      return [name, replacement(base[name], value, where, file)] as const;
    }),
  );
}

const isName = (name: string, base: Usage): name is UsageName => Object.hasOwn(base, name);

function replacement(base: Assumption, value: unknown, where: string, file: string): Assumption {
  const result = assumption.safeParse(value);
  if (!result.success) throw new UserError(`${where} ${problemOf(value)}`, 2);
  const range: Range & { readonly why?: string | undefined } =
    "low" in result.data ? result.data : exactly(result.data);
  const { low, expected, high, why } = range;
  return { what: base.what, why: why ?? `As ${file} says.`, low, expected, high };
}

/** The problem of the form that was meant. */
function problemOf(value: unknown): string {
  const meant = typeof value === "object" && value !== null ? levels.safeParse(value) : decimal.safeParse(value);
  const [issue] = meant.error?.issues ?? [];
  const at = (issue?.path ?? []).map((key) => `.${String(key)}`).join("");
  return `${at}${at === "" ? "" : " "}${issue === undefined ? "is no number" : messageFor(issue)}`.trim();
}

const messageFor = (issue: z.core.$ZodIssue): string =>
  issue.code === "custom"
    ? issue.message
    : issue.code === "unrecognized_keys"
      ? `has ${issue.keys.join(", ")}, which means nothing: low, expected, high, and why are known`
      : "must be a number, or low, expected, and high";
