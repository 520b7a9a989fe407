import type { Json, Sent } from "../analyzer.ts";
import { TAGS as tags } from "../case.ts";

export const network = (id: Json = "vpc-1"): Sent => ({
  type: "aws:ec2/vpc:Vpc",
  name: "network",
  props: { id, cidrBlock: "10.0.0.0/16", defaultRouteTableId: "rtb-main", tags },
});
export const subnet = (name: string, zone: Json, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/subnet:Subnet",
  name,
  props: { id: name, vpcId: "vpc-1", availabilityZone: zone, mapPublicIpOnLaunch: false, tags, ...props },
});
export const table = (name: string, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/routeTable:RouteTable",
  name,
  props: { id: name, vpcId: "vpc-1", tags, ...props },
});
export const associated = (subnetId: string, routeTableId: string): Sent => ({
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  name: `${subnetId} ${routeTableId}`,
  props: { subnetId, routeTableId },
});
export const route = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:ec2/route:Route",
  name: `route ${JSON.stringify(props)}`,
  props: { destinationCidrBlock: "0.0.0.0/0", ...props },
  references,
});
export const natGateway = (name: string, subnetId: string, props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/natGateway:NatGateway",
  name,
  props: { id: name, subnetId, tags, ...props },
});
