import { isMap, isScalar, parseDocument, type Document } from "yaml";
import { z } from "zod";
import type { ConfigText } from "./stack-config.ts";

const block = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() }).nullable();
const declaration = z.looseObject({ default: z.unknown() });

/** A file of the project that is not what Pulumi reads. The message is one line. */
export class ConfigFileError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}. Mend the file, or restore it: git checkout -- ${file}`);
    this.name = "ConfigFileError";
  }
}

/** A value in the text form in which Pulumi hands config to a program. */
function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Pulumi takes a scalar as it stands in the file: `012345670123` keeps its zero, and nothing is an empty text. */
function scalarsAsWritten(document: Document): void {
  const config = document.get("config");
  if (!isMap(config)) return;
  for (const { value } of config.items) {
    if (!isScalar(value) || typeof value.value === "string") continue;
    value.value = value.value === null ? "" : (value.source ?? value.value);
  }
}

function configBlock(file: string, yaml: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(yaml, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined)
    throw new ConfigFileError(file, error.message.split("\n")[0]?.replace(/:$/, "") ?? "no YAML");
  scalarsAsWritten(document);
  const parsed = block.safeParse(document.toJS());
  if (!parsed.success) throw new ConfigFileError(file, "`config` must be a map of keys to values");
  return parsed.data?.config ?? {};
}

/** A stack file's values in the project's namespace. */
export function stackFileConfig(file: string, yaml: string, project: string): ConfigText {
  const namespace = `${project}:`;
  return Object.fromEntries(
    Object.entries(configBlock(file, yaml))
      .filter(([key]) => key.startsWith(namespace))
      .map(([key, value]) => [key.slice(namespace.length), text(value)]),
  );
}

/** The defaults that Pulumi.yaml declares for keys of the project. */
export function projectDefaults(file: string, yaml: string): ConfigText {
  return Object.fromEntries(
    Object.entries(configBlock(file, yaml)).flatMap(([key, value]) => {
      const parsed = declaration.safeParse(value);
      return key.includes(":") || !parsed.success || parsed.data.default === undefined
        ? []
        : [[key, text(parsed.data.default)]];
    }),
  );
}
