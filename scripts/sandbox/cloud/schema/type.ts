/** The type of a property, as the SDK's declarations give it. */
export type PropertyType =
  | { readonly kind: "string" | "number" | "boolean" | "any" | "asset" }
  | { readonly kind: "list"; readonly item: PropertyType }
  | { readonly kind: "map"; readonly item: PropertyType }
  /** `name` is looked up with `Schemas.object`: `aws/input/s3.BucketCorsRule`. */
  | { readonly kind: "object"; readonly name: string }
  | { readonly kind: "union"; readonly of: readonly PropertyType[] };

export interface Property {
  readonly type: PropertyType;
  /** An input that must be given; an output that is always there. */
  readonly required: boolean;
}

export type PropertyTypes = Readonly<Record<string, Property>>;

/** One resource type. */
export interface TypeSchema {
  /** `aws:s3/bucket:Bucket` */
  readonly token: string;
  readonly component: boolean;
  readonly inputs: PropertyTypes;
  readonly outputs: PropertyTypes;
  /** Inputs that the SDK always sends as secrets. */
  readonly secretInputs: readonly string[];
  /** Outputs that the SDK always marks as secrets. */
  readonly secretOutputs: readonly string[];
  /** Types that the resource had in earlier versions. */
  readonly aliases: readonly string[];
}

/** Whether the provider alone gives the property: it is no input. */
export const isComputed = (schema: TypeSchema, property: string): boolean =>
  property in schema.outputs && !(property in schema.inputs);

/** Whether the resource can carry tags, and in which form. */
export function taggable(schema: TypeSchema): "map" | "list" | undefined {
  const type = schema.inputs["tags"]?.type;
  return type?.kind === "map" || type?.kind === "list" ? type.kind : undefined;
}

/** How an error names a type. */
export function typeName(type: PropertyType): string {
  switch (type.kind) {
    case "list":
      return "a list";
    case "map":
    case "object":
      return "an object";
    case "union":
      return [...new Set(type.of.map(typeName))].join(" or ");
    case "asset":
      return "an asset or archive";
    case "any":
      return "any value";
    default:
      return `a ${type.kind}`;
  }
}
