import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/**
 * A component's input, refused by name when it is not what the component can build.
 * A plain value is refused at once; an output as soon as it is known, so in preview too where it does not depend on
 * what a provider has yet to make. Throws a `ResourceError`, which Pulumi prints beside the component, without a stack.
 */
export function checked<T>(
  component: pulumi.Resource,
  input: string,
  value: pulumi.Input<T>,
  schema: z.ZodType<T>,
): pulumi.Output<T> {
  const check = (known: T): T => {
    const result = schema.safeParse(known);
    if (result.success) return known;
    const reasons = result.error.issues.map((issue) => [...issue.path, issue.message].join(": "));
    throw new pulumi.ResourceError(`${input}: ${reasons.join("; ")}`, component, true);
  };
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    return pulumi.output(value).apply((known) => check(known as T));
  }
  return pulumi.output(check(value)) as pulumi.Output<T>;
}
