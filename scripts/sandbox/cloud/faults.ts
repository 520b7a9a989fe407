import picomatch from "picomatch";
import { type Properties, type Value, isProperties } from "../values/value.ts";
import { UserError } from "../user-error.ts";
import type { CloudStore } from "./world.ts";

/** An operation that is to fail. */
export interface Fault {
  /** As it was given. */
  readonly text: string;
  /** Glob over type, URN, or logical name. */
  readonly glob: string;
  /** Which matching operation fails, from 1; undefined: every one. */
  readonly nth: number | undefined;
  readonly message: string;
}

/**
 * Reads `GLOB[@NTH][:MESSAGE]`. Tokens and URNs hold colons themselves, so without `@NTH` the message starts
 * after a whole token, after a whole URN, or is known by its spaces.
 */
export function parseFault(text: string): Fault {
  const match = SHAPES.map((shape) => shape.exec(text)).find((found) => found !== null);
  const { glob = "", nth, message } = match?.groups ?? {};
  if (glob === "" || nth === "0")
    throw new UserError(
      `--fail ${JSON.stringify(text)}: write GLOB[@NTH][:MESSAGE], for example 'aws:s3/*@2:SlowDown', with NTH from 1`,
      2,
    );
  return {
    text,
    glob,
    nth: nth === undefined ? undefined : Number(nth),
    message:
      message === undefined || message.trim() === ""
        ? `InternalFailure: the sandbox was told to fail this operation (--fail ${text})`
        : message.trim(),
  };
}

const SHAPES = [
  /^(?<glob>\S+?)@(?<nth>\d+)(?::(?<message>.*))?$/s,
  /^(?<glob>urn:pulumi:.*::[^:]+):(?<message>(?!.*::)[^:].*)$/s,
  /^(?<glob>(?!urn:)[^:\s]+:[^:\s]+:[^:\s]+):(?<message>.*)$/s,
  /^(?<glob>[^\s]+?):(?<message>[^:]*\s.*)$/s,
  /^(?<glob>[^\s@]\S*)$/s,
];

/** Counts operations and says which ones fail. */
export interface Faults {
  /** The message of the failure, or undefined where the operation goes on. */
  next(type: string, urn: string): string | undefined;
}

export function makeFaults(faults: readonly Fault[]): Faults {
  const counted = faults.map((fault) => ({ fault, matches: matcher(fault.glob), count: 0 }));
  return {
    next(type, urn) {
      let message: string | undefined;
      for (const one of counted) {
        if (!one.matches(type) && !one.matches(urn)) continue;
        one.count++;
        if (one.fault.nth === undefined || one.fault.nth === one.count) message ??= one.fault.message;
      }
      return message;
    },
  };
}

/** `*` crosses the slashes of tokens and URNs: nobody thinks of them as paths. */
function matcher(glob: string): (text: string) => boolean {
  const test = picomatch(glob.replaceAll("/", "\u0001"), { dot: true, bash: true });
  return (text) => test(text.replaceAll("/", "\u0001"));
}

/** Changes what the cloud holds behind the engine's back. Throws a `UserError` where there is no such resource or path. */
export function driftSet(store: CloudStore, urn: string, path: string, value: Value): void {
  const resource = store.byUrn(urn).at(-1);
  if (resource === undefined)
    throw new UserError(`the cloud has no resource ${urn}: list the stack's with \`sandbox export\``);
  const keys = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
  const [first = ""] = keys;
  if (first === "" || (!(first in resource.outputs) && !(first in resource.inputs)))
    throw new UserError(
      `${urn} has no property ${JSON.stringify(path)}: it has ${Object.keys(resource.outputs).sort().join(", ")}`,
    );
  const changed = (properties: Properties): Properties => {
    const result = withValue(properties, keys, value);
    return isProperties(result) ? result : properties;
  };
  store.update(resource.key, {
    resource: {
      ...resource,
      // What the program never set is no input of the real resource either.
      inputs: first in resource.inputs || !(first in resource.outputs) ? changed(resource.inputs) : resource.inputs,
      outputs: changed(resource.outputs),
    },
  });
}

function withValue(target: Value | undefined, keys: readonly string[], value: Value): Value {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(target)) {
    const copy = [...target];
    copy[Number(key)] = withValue(copy[Number(key)], rest, value);
    return copy;
  }
  const base = isProperties(target) ? target : {};
  return { ...base, [key]: withValue(base[key], rest, value) };
}
