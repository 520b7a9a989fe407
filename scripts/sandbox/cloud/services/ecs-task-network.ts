import { flagAt, mapAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type Operation, Refusal } from "../service.ts";
import { SUBNET } from "./ec2-subnets.ts";
import { ROUTE_TABLE } from "./ec2-routes.ts";
import { findBy, here, valueOf } from "./lookup.ts";

const ANYWHERE = "0.0.0.0/0";

/** Whether the subnet's own route table leads to the internet gateway: only an address of its own helps a task there. */
function isPublic(operation: Operation, subnetId: string): boolean {
  const tableId = here(operation, "aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter(({ inputs }) => textAt(inputs, "subnetId") === subnetId)
    .map(({ inputs }) => textAt(inputs, "routeTableId"))[0];
  const inline = findBy(here(operation, ROUTE_TABLE), tableId ?? "", "id");
  const routes = [
    ...mapsAt(inline?.inputs ?? {}, "routes"),
    ...here(operation, "aws:ec2/route:Route").flatMap(({ inputs }) =>
      tableId !== undefined && textAt(inputs, "routeTableId") === tableId ? [inputs] : [],
    ),
  ];
  return routes.some(
    (route) =>
      (textAt(route, "destinationCidrBlock") ?? textAt(route, "cidrBlock")) === ANYWHERE &&
      textAt(route, "gatewayId")?.startsWith("igw-") === true,
  );
}

const hasRegistry = (operation: Operation, vpcId: string | undefined): boolean =>
  here(operation, "aws:ec2/vpcEndpoint:VpcEndpoint").some(
    ({ inputs }) => textAt(inputs, "vpcId") === vpcId && textAt(inputs, "serviceName")?.endsWith(".ecr.dkr") === true,
  );

/**
 * A Fargate task in a public subnet without a public address reaches neither registry nor secrets, and no NAT gateway
 * can help it. Routes of other subnets may still be on their way while the service is made, so they are not asked.
 */
export function unreachableRefusal(operation: Operation): Refusal | undefined {
  const network = mapAt(operation.inputs, "networkConfiguration");
  if (flagAt(network, "assignPublicIp") === true) return undefined;
  const stranded = textsAt(network, "subnets").find((id) => {
    const subnet = findBy(here(operation, SUBNET), id, "id");
    return subnet !== undefined && isPublic(operation, id) && !hasRegistry(operation, valueOf(subnet, "vpcId"));
  });
  return stranded === undefined
    ? undefined
    : new Refusal(
        "ResourceInitializationError",
        `unable to pull secrets or registry auth: There is a connection issue between the task and the registry: ${stranded} leads to an internet gateway, and the task has no public address. Take private subnets, or set assignPublicIp.`,
      );
}
