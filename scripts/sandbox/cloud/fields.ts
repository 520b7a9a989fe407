import { isProperties, type Properties, type Value } from "../values/value.ts";

/** The property's text; undefined where it is absent, empty, unknown, or of another kind. */
export function textAt(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberAt(properties: Properties, key: string): number | undefined {
  const value = properties[key];
  return typeof value === "number" ? value : undefined;
}

export function flagAt(properties: Properties, key: string): boolean | undefined {
  const value = properties[key];
  return typeof value === "boolean" ? value : undefined;
}

export function mapAt(properties: Properties, key: string): Properties {
  const value = properties[key];
  return isProperties(value) ? value : {};
}

export function listAt(properties: Properties, key: string): Value[] {
  const value = properties[key];
  return Array.isArray(value) ? value : [];
}

export const mapsAt = (properties: Properties, key: string): Properties[] =>
  listAt(properties, key).filter((item) => isProperties(item));

/** The list's texts; what is unknown or of another kind is left out. */
export const textsAt = (properties: Properties, key: string): string[] =>
  listAt(properties, key).filter((item) => typeof item === "string");

/** One known text and the path with indices where it stands. */
export interface Found {
  readonly path: string;
  readonly text: string;
}

/** Every known text under a path such as `vpcConfig.subnetIds[]` or `ingress[].cidrBlocks[]`. */
export function textsUnder(properties: Properties, path: string): Found[] {
  let found: { path: string; value: Value | undefined }[] = [{ path: "", value: properties }];
  for (const part of path.split(".")) {
    const many = part.endsWith("[]");
    const key = many ? part.slice(0, -2) : part;
    found = found.flatMap(({ path: before, value }) => {
      const child = isProperties(value) ? value[key] : undefined;
      const at = before === "" ? key : `${before}.${key}`;
      if (!many) return [{ path: at, value: child }];
      return Array.isArray(child) ? child.map((item, index) => ({ path: `${at}[${index}]`, value: item })) : [];
    });
  }
  return found.flatMap(({ path: at, value }) =>
    typeof value === "string" && value !== "" ? [{ path: at, text: value }] : [],
  );
}
