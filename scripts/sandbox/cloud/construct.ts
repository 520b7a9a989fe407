import type aliases from "@pulumi/pulumi/proto/alias_pb.js";
import type { Properties, Value } from "../values/value.ts";
import { OutputValue, ResourceReference, Secret, Unknown, isProperties } from "../values/value.ts";

/** A resource as the engine answered its registration. */
export interface Registered {
  readonly urn: string;
  /** "" for a component; UNKNOWN in preview. */
  readonly id: string | Unknown;
  /** The outputs that the engine knows. In preview what is missing is unknown: read it with `output`. */
  readonly state: Properties;
}

/** Options of one registration. URNs throughout; `provider` is `urn::id`. */
export interface RegisterOptions {
  /** false registers a component. Default: true. */
  readonly custom?: boolean;
  /** Default: none, which the engine takes as the root stack. */
  readonly parent?: string;
  /** Default: the construct's provider of the type's package, if the program gave one. */
  readonly provider?: string;
  readonly dependsOn?: readonly string[];
  /** Version of the package, for the default provider where no explicit one is given. */
  readonly version?: string;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

export interface InvokeOptions {
  readonly provider?: string;
  readonly version?: string;
}

/** One `Construct` call: what the program passed, and the engine to register the children with. */
export interface ConstructRequest {
  readonly type: string;
  readonly name: string;
  /** URN; "" where the component has none. */
  readonly parent: string;
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  /** Absolute: where relative paths in inputs begin. */
  readonly programDirectory: string;
  /** Decoded with secrets, unknowns, and output values kept. */
  readonly inputs: Properties;
  readonly options: {
    /** Package name to `urn::id`. */
    readonly providers: Readonly<Record<string, string>>;
    readonly dependencies: readonly string[];
    readonly protect: boolean | undefined;
    readonly aliases: readonly aliases.Alias[];
  };
  /** Registers the component itself, with the options that the program gave it. Call it first. */
  registerComponent(inputs?: Properties): Promise<Registered>;
  /** Registers a child. Dependencies are taken from the output values in `inputs`. */
  register(type: string, name: string, inputs: Properties, options: RegisterOptions): Promise<Registered>;
  registerOutputs(urn: string, outputs: Properties): Promise<void>;
  /** UNKNOWN where the arguments hold an unknown or the engine does not know the answer yet. */
  invoke(token: string, args: Properties, options?: InvokeOptions): Promise<Properties | Unknown>;
}

export interface ConstructResponse {
  readonly urn: string;
  /** May hold output values: their dependencies are sent along. */
  readonly state: Properties;
  /** Further dependencies per output: URNs. */
  readonly stateDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** Makes a component's children. Throws a `Refusal` where the real component fails. */
export type Constructor = (request: ConstructRequest) => Promise<ConstructResponse>;

/** The id of a resource as an input of another, with its dependency. */
export function idOf(resource: Registered): OutputValue {
  const known = !(resource.id instanceof Unknown) && resource.id !== "";
  return new OutputValue(known ? resource.id : undefined, false, [resource.urn]);
}

/** An output of a resource as an input of another, with its dependency. In preview what is missing is unknown. */
export function outputOf(resource: Registered, property: string, preview: boolean): OutputValue {
  const value = resource.state[property];
  if (value === undefined) return new OutputValue(preview ? undefined : null, false, [resource.urn]);
  const secret = value instanceof Secret;
  const inner = secret ? value.value : value;
  return new OutputValue(inner instanceof Unknown ? undefined : inner, secret, [resource.urn]);
}

/** URNs of everything that the value was made from. */
export function dependenciesOf(value: Value): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: Value, found: Set<string>): void {
  if (value instanceof OutputValue) {
    for (const urn of value.dependencies) found.add(urn);
    if (value.value !== undefined) collect(value.value, found);
  } else if (value instanceof Secret) {
    collect(value.value, found);
  } else if (value instanceof ResourceReference) {
    found.add(value.urn);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
  } else if (isProperties(value)) {
    for (const item of Object.values(value)) collect(item, found);
  }
}
