import { sets, unnamed } from "../join.ts";
import { where } from "../property.ts";
import type { Find, StackResource, Violation } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { BUCKETS } from "../tokens.ts";

/** A resource of its own that describes a part of a bucket, and the bucket's deprecated inputs for the same part. */
export interface BucketPart {
  readonly types: readonly string[];
  /** Inputs of `Bucket` and `BucketV2`; none where a bucket has no input for it. */
  readonly inline: readonly string[];
}

/** The buckets that have no such part: neither a resource that names them, nor an input that the program sets. */
export function bucketsWithout(stack: Stack, { types, inline }: BucketPart): readonly StackResource[] {
  const buckets = stack.ofType(BUCKETS);
  return unnamed(buckets, stack.ofType(types), "bucket").filter(
    (bucket) => !inline.some((input) => sets(bucket, input)),
  );
}

/** The finding for each bucket without a part: `missing` says what nothing does, "versions". */
export const lacking =
  (part: BucketPart, missing: string, fix: string) =>
  (stack: Stack): readonly Violation[] =>
    bucketsWithout(stack, part).map((bucket) => ({
      urn: bucket.urn,
      property: "bucket",
      wrong: `nothing ${missing} "${bucket.name}"`,
      fix,
    }));

/** A check that asks nothing where an optional input is absent: another resource may describe that part. */
export const whereGiven = (input: string, find: Find): Find => where(({ props }) => props[input] !== undefined, find);
