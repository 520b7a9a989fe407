import structs from "google-protobuf/google/protobuf/struct_pb.js";
import {
  Archive,
  Asset,
  OutputValue,
  type Properties,
  ResourceReference,
  Secret,
  UNKNOWN,
  Unknown,
  type Value,
} from "./value.ts";

const { Struct, Value: WireValue, ListValue, NullValue } = structs;
export type Struct = structs.Struct;

// Documented in @pulumi/pulumi/runtime/rpc.
export const UNKNOWN_MARK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SIGNATURES = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

/** What the receiver of a message understands; what it does not is reduced to what it does. */
export interface WireOptions {
  /** false: secrets are sent in the clear (the receiver must be trusted with them). */
  readonly secrets: boolean;
  /** false: references are sent as the id, or the URN where there is none. */
  readonly references: boolean;
  /** false: outputs are sent as their value, secret, or unknown. */
  readonly outputs: boolean;
  /** false: properties that hold an unknown are dropped (top level and nested). */
  readonly unknowns: boolean;
}

export const FULL: WireOptions = { secrets: true, references: true, outputs: true, unknowns: true };

export function toStruct(properties: Properties, options: WireOptions): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(properties)) {
    const wire = toWire(value, options);
    if (wire !== undefined) fields.set(key, wire);
  }
  return struct;
}

/** Undefined where the receiver would not understand the value at all (an unknown it cannot take). */
function toWire(value: Value, options: WireOptions): structs.Value | undefined {
  const wire = new WireValue();
  if (value === null) {
    wire.setNullValue(NullValue.NULL_VALUE);
  } else if (typeof value === "string") {
    wire.setStringValue(value);
  } else if (typeof value === "number") {
    wire.setNumberValue(value);
  } else if (typeof value === "boolean") {
    wire.setBoolValue(value);
  } else if (value instanceof Unknown) {
    if (!options.unknowns) return undefined;
    wire.setStringValue(UNKNOWN_MARK);
  } else if (Array.isArray(value)) {
    const list = new ListValue();
    const items: structs.Value[] = [];
    for (const item of value) {
      const one = toWire(item, options);
      if (one !== undefined) items.push(one);
    }
    list.setValuesList(items);
    wire.setListValue(list);
  } else if (value instanceof Secret) {
    if (!options.secrets) return toWire(value.value, options);
    const inner = toWire(value.value, options);
    if (inner === undefined) return undefined;
    return envelope(SIGNATURES.secret, { value: inner });
  } else if (value instanceof OutputValue) {
    return outputToWire(value, options);
  } else if (value instanceof ResourceReference) {
    if (!options.references) return toWire(value.id ?? value.urn, options);
    const fields: Record<string, structs.Value> = {
      urn: WireValue.fromJavaScript(value.urn),
      packageVersion: WireValue.fromJavaScript(value.packageVersion),
    };
    // While the id is unknown, the SDKs and Pulumi's engine send an empty one.
    if (value.id !== undefined) fields["id"] = WireValue.fromJavaScript(value.id instanceof Unknown ? "" : value.id);
    return envelope(SIGNATURES.resource, fields);
  } else if (value instanceof Asset) {
    return envelope(SIGNATURES.asset, {
      hash: WireValue.fromJavaScript(value.hash),
      ...mapStrings(value.source),
    });
  } else if (value instanceof Archive) {
    const { assets, ...rest } = value.source;
    const fields: Record<string, structs.Value> = {
      hash: WireValue.fromJavaScript(value.hash),
      ...mapStrings(rest),
    };
    if (assets !== undefined) {
      const map = new WireValue();
      map.setStructValue(toStruct(assets, options));
      fields["assets"] = map;
    }
    return envelope(SIGNATURES.archive, fields);
  } else {
    wire.setStructValue(toStruct(value, options));
  }
  return wire;
}

function outputToWire(value: OutputValue, options: WireOptions): structs.Value | undefined {
  if (!options.outputs) {
    const inner = value.value === undefined ? UNKNOWN : value.value;
    return toWire(value.secret && !(inner instanceof Secret) ? new Secret(inner) : inner, options);
  }
  const fields: Record<string, structs.Value> = {};
  const inner = value.value === undefined ? undefined : toWire(value.value, options);
  if (inner === undefined && !options.unknowns) return undefined;
  if (inner !== undefined) fields["value"] = inner;
  if (value.secret && options.secrets) fields["secret"] = WireValue.fromJavaScript(true);
  if (value.dependencies.length > 0) fields["dependencies"] = WireValue.fromJavaScript([...value.dependencies]);
  return envelope(SIGNATURES.output, fields);
}

function mapStrings(source: Record<string, string>): Record<string, structs.Value> {
  return Object.fromEntries(Object.entries(source).map(([key, text]) => [key, WireValue.fromJavaScript(text)]));
}

function envelope(signature: string, fields: Record<string, structs.Value>): structs.Value {
  const struct = new Struct();
  const map = struct.getFieldsMap();
  map.set(SIGNATURE_KEY, WireValue.fromJavaScript(signature));
  for (const [key, value] of Object.entries(fields)) map.set(key, value);
  const wire = new WireValue();
  wire.setStructValue(struct);
  return wire;
}

/** An absent struct reads as no properties. */
export function fromStruct(struct: Struct | undefined): Properties {
  const result: Properties = {};
  struct?.getFieldsMap().forEach((wire, key) => {
    result[key] = fromWire(wire);
  });
  return result;
}

function fromWire(wire: structs.Value): Value {
  switch (wire.getKindCase()) {
    case WireValue.KindCase.STRING_VALUE: {
      const text = wire.getStringValue();
      return text === UNKNOWN_MARK ? UNKNOWN : text;
    }
    case WireValue.KindCase.NUMBER_VALUE:
      return wire.getNumberValue();
    case WireValue.KindCase.BOOL_VALUE:
      return wire.getBoolValue();
    case WireValue.KindCase.LIST_VALUE:
      return (wire.getListValue()?.getValuesList() ?? []).map(fromWire);
    case WireValue.KindCase.STRUCT_VALUE:
      return fromFields(fromStruct(wire.getStructValue()));
    default:
      return null;
  }
}

/** Turns a decoded map into the special value that its signature names, or leaves it a map. */
export function fromFields(fields: Properties): Value {
  const signature = fields[SIGNATURE_KEY];
  if (signature === undefined) return fields;
  switch (signature) {
    case SIGNATURES.secret:
      return new Secret(fields["value"] ?? null);
    case SIGNATURES.output: {
      const dependencies = Array.isArray(fields["dependencies"]) ? fields["dependencies"] : [];
      const value = fields["value"];
      const known = value !== undefined && !(value instanceof Unknown);
      return new OutputValue(known ? value : undefined, fields["secret"] === true, dependencies.filter(isString));
    }
    case SIGNATURES.resource: {
      const id = fields["id"];
      return new ResourceReference(
        text(fields["urn"]),
        id === undefined || id === null ? undefined : id instanceof Unknown || id === "" ? UNKNOWN : text(id),
        text(fields["packageVersion"]),
      );
    }
    case SIGNATURES.asset:
      return new Asset(text(fields["hash"]), strings(fields, ["text", "path", "uri"]));
    case SIGNATURES.archive: {
      const assets = fields["assets"];
      return new Archive(text(fields["hash"]), {
        ...strings(fields, ["path", "uri"]),
        ...(assets === undefined || assets === null ? {} : { assets: assets as Record<string, Asset | Archive> }),
      });
    }
    default:
      throw new TypeError(`unknown signature ${JSON.stringify(signature)} in a property value`);
  }
}

const isString = (value: Value): value is string => typeof value === "string";
const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");

function strings(fields: Properties, keys: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const key of keys) {
    const value = fields[key];
    // An empty text is a real content; an empty path or address is an absent one.
    if (typeof value === "string" && (value !== "" || key === "text")) result[key] = value;
  }
  return result;
}
