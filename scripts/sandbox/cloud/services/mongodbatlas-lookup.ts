import type { Properties } from "../../values/value.ts";
import { textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type World } from "../service.ts";
import { REGIONS } from "./zones.ts";

export const PROJECT = "mongodbatlas:index/project:Project";
export const CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster";
export const LINK = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint";
export const LINK_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService";
export const USER = "mongodbatlas:index/databaseUser:DatabaseUser";
export const ROLE = "mongodbatlas:index/customDbRole:CustomDbRole";
export const SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule";
export const COMPLIANCE = "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy";
export const ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest";
export const ACCESS_SETUP = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup";
export const ACCESS_AUTHORIZATION =
  "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization";

/** Atlas writes AWS's `us-east-1` as `US_EAST_1`. */
export const atlasRegion = (region: string): string => region.toUpperCase().replaceAll("-", "_");
export const awsRegion = (region: string): string => region.toLowerCase().replaceAll("_", "-");

/** Atlas's name of a region that AWS has. */
export const isAtlasRegion = (region: string): boolean =>
  region === region.toUpperCase() && !region.includes("-") && Object.hasOwn(REGIONS, awsRegion(region));

/** What the provider itself says no to, at up; it has no codes. */
export const providerRefusal = (message: string): Refusal => new Refusal("InvalidConfiguration", message);

export const projectOf = ({ inputs }: { readonly inputs: Properties }): string => textAt(inputs, "projectId") ?? "";

/** What the project has of a type, without the resource that the operation is about. */
export function ofProject(operation: Operation, type: string): CloudResource[] {
  const { existing } = operation;
  return inProject(operation.world, type, projectOf(operation)).filter(
    ({ id }) => !(type === existing?.type && id === existing.id),
  );
}

export const inProject = (world: World, type: string, projectId: string): CloudResource[] =>
  world.all(type).filter(({ inputs }) => textAt(inputs, "projectId") === projectId);

export function projectMissing(operation: Operation): Refusal | undefined {
  const id = projectOf(operation);
  return operation.world.byId(PROJECT, id) === undefined
    ? new Refusal("GROUP_NOT_FOUND", `No group with ID ${id} exists.`)
    : undefined;
}

export function clusterMissing(operation: Operation, name: string): Refusal | undefined {
  return clusterNamed(operation.world, projectOf(operation), name) === undefined
    ? new Refusal("CLUSTER_NOT_FOUND", `No cluster named ${name} exists in group ${projectOf(operation)}.`)
    : undefined;
}

export const clusterNamed = (world: World, projectId: string, name: string): CloudResource | undefined =>
  inProject(world, CLUSTER, projectId).find(({ inputs }) => textAt(inputs, "name") === name);

/** The id of what Atlas addresses by several values: each name and value in base 64, by name. */
export function encodedId(values: Readonly<Record<string, string>>): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return Object.entries(values)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${base64(name)}:${base64(value)}`)
    .join("-");
}

/** An input that a program may not change once the resource is made; it does not replace it either. */
export function createOnly(operation: Operation, ...properties: readonly string[]): Refusal | undefined {
  const { existing, inputs } = operation;
  const changed = properties.find(
    (property) =>
      existing !== undefined && inputs[property] !== undefined && inputs[property] !== existing.outputs[property],
  );
  return changed === undefined
    ? undefined
    : providerRefusal(`${changed} cannot be updated or set after the resource was created`);
}

/** The first of several refusals, asked for one after the other. */
export function firstOf(...questions: readonly (() => Refusal | undefined)[]): Refusal | undefined {
  for (const question of questions) {
    const refusal = question();
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

export const SETTLED = "2025-01-01T00:00:00Z";
