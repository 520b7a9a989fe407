import { Refusal } from "../service.ts";
import { type Planned, PlannedOutput, PlannedReference, type PlannedResource } from "./plan.ts";

const TYPES = {
  vpc: "aws:ec2/vpc:Vpc",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  subnet: "aws:ec2/subnet:Subnet",
  routeTable: "aws:ec2/routeTable:RouteTable",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  route: "aws:ec2/route:Route",
  eip: "aws:ec2/eip:Eip",
  natGateway: "aws:ec2/natGateway:NatGateway",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  securityGroupRule: "aws:ec2/securityGroupRule:SecurityGroupRule",
} as const;

export type Kind = keyof typeof TYPES;

/** The children planned so far. Each must follow what it refers to. */
export class Children {
  readonly resources: PlannedResource[] = [];
  readonly #keys = new Set<string>();

  /** Gives the child's key. Inputs that are undefined are left out. Throws a `Refusal` where the name is taken. */
  add(
    kind: Kind,
    name: string,
    parent: string,
    dependsOn: readonly string[],
    inputs: Readonly<Record<string, Planned | undefined>>,
  ): string {
    const key = `${kind} ${name}`;
    if (this.#keys.has(key))
      throw new Refusal(
        "DuplicateName",
        `awsx:ec2:Vpc: two children of type ${TYPES[kind]} would be named ${JSON.stringify(name)}: give the subnet specs, or the endpoints, different names`,
      );
    this.#keys.add(key);
    const present: Record<string, Planned> = {};
    for (const [input, value] of Object.entries(inputs)) if (value !== undefined) present[input] = value;
    this.resources.push({ key, type: TYPES[kind], name, parent, dependsOn, inputs: present });
    return key;
  }
}

export const idOf = (key: string): PlannedOutput => new PlannedOutput(key, "id");
export const idsOf = (keys: readonly string[]): Planned[] => keys.map(idOf);
export const referencesTo = (keys: readonly string[]): Planned[] => keys.map((key) => new PlannedReference(key));
