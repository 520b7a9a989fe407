import { joinTo } from "../join.ts";
import { isTrue } from "../property.ts";
import type { Finding, StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { SUBNET, routesOf } from "./subnets.ts";

/** Resources of some types that place a data store into subnets which the internet reaches. */
export function inPublicSubnets(stack: Stack, types: readonly string[], property: string): readonly Finding[] {
  const stores = stack.ofType(types);
  if (stores.length === 0) return [];
  const { internet } = routesOf(stack);
  const subnetsOf = joinTo(stack.ofType([SUBNET]));
  return stores.flatMap((store) =>
    subnetsOf(store, `${property}[]`).flatMap((subnet): readonly Finding[] => {
      const reason = internet.has(subnet) ? "its routes lead to an internet gateway" : reasonOf(subnet);
      if (reason === undefined) return [];
      return [
        {
          urn: store.urn,
          property,
          wrong: `"${subnet.name}" is a public subnet, since ${reason}`,
          fix: "name private or isolated subnets instead",
        },
      ];
    }),
  );
}

const reasonOf = ({ props }: StackResource): string | undefined =>
  isTrue.is(props["mapPublicIpOnLaunch"]) ? "it gives public addresses" : undefined;
