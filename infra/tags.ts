/** Every tag that a resource must carry, in the order in which people read them. */
export const tagKeys = ["Project", "Environment", "Service", "Owner", "CostCenter", "ManagedBy", "Stack"] as const;

export type TagKey = (typeof tagKeys)[number];
export type Tags = Readonly<Record<TagKey, string>>;

export interface TagSource {
  readonly project: string;
  readonly stack: string;
  readonly environment: string;
  readonly owner: string;
  readonly costCenter: string;
}

/** `service` is the part of the system that a resource serves; a component overrides it for what it makes. */
export function tagsOf({ project, stack, environment, owner, costCenter }: TagSource, service = "platform"): Tags {
  return {
    Project: project,
    Environment: environment,
    Service: service,
    Owner: owner,
    CostCenter: costCenter,
    ManagedBy: "pulumi",
    Stack: stack,
  };
}

/** By which a bill can be divided: those whose values are few and stay. */
export const costAllocationTags: readonly TagKey[] = tagKeys.filter((key) => key !== "ManagedBy");
