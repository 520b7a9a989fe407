/** `urn:pulumi:STACK::PROJECT::TYPE::NAME`, where TYPE is the parents' types and the own one, joined by `$`. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  readonly qualifiedType: string;
  readonly type: string;
  readonly name: string;
}

const PREFIX = "urn:pulumi:";
export const STACK_TYPE = "pulumi:pulumi:Stack";

export function parseUrn(urn: string): UrnParts {
  const [head = "", project = "", qualifiedType = "", ...name] = urn.split("::");
  return {
    stack: head.slice(PREFIX.length),
    project,
    qualifiedType,
    type: qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1),
    name: name.join("::"),
  };
}

export function isUrn(text: string): boolean {
  return text.startsWith(PREFIX) && text.split("::").length >= 4;
}

/** A child of the stack itself carries no parent type. */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : parseUrn(parent).qualifiedType;
  const qualified = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `${PREFIX}${stack}::${project}::${qualified}::${name}`;
}

export const nameOf = (urn: string): string => parseUrn(urn).name;
export const typeOf = (urn: string): string => parseUrn(urn).type;

/** `aws:s3/bucket:Bucket` is of package `aws`. */
export const packageOf = (token: string): string => token.slice(0, token.indexOf(":"));

const PROVIDER_PREFIX = "pulumi:providers:";
export const providerType = (packageName: string): string => `${PROVIDER_PREFIX}${packageName}`;
export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);
export const providerPackage = (type: string): string => type.slice(PROVIDER_PREFIX.length);

/** A provider is named by `URN::ID`. */
export interface ProviderReference {
  readonly urn: string;
  readonly id: string;
}

export function parseProviderReference(reference: string): ProviderReference {
  const end = reference.lastIndexOf("::");
  return { urn: reference.slice(0, end), id: reference.slice(end + 2) };
}

/** Default providers are made by the engine: `default`, or `default_7_48_0` where the program names a version. */
export const isDefaultProvider = (urn: string): boolean => {
  const { type, name } = parseUrn(urn);
  return isProviderType(type) && (name === "default" || name.startsWith("default_"));
};
