import type { Properties, Value } from "../values/value.ts";

/** Where a provider instance works. A part that the service does not have is "". */
export interface Location {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** A resource as the cloud holds it. Values are plain: no secrets, no unknowns; the store encrypts them at rest. */
export interface CloudResource {
  /** Pulumi type token, `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly id: string;
  /** "" for what a service makes by itself (a VPC's default security group). */
  readonly urn: string;
  readonly location: Location;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What rules may ask of everything that exists, of every stack. */
export interface World {
  byId(type: string, id: string): CloudResource | undefined;
  all(type: string): CloudResource[];
  /** Absolute: where relative paths in inputs begin. Default: the process's working directory. */
  readonly directory?: string;
}

/** One create, update, or delete as a rule sees it. */
export interface Operation {
  readonly type: string;
  readonly urn: string;
  /** The logical name. */
  readonly name: string;
  readonly stack: string;
  readonly location: Location;
  /** After Check: names are made, defaults are set. Plain values. */
  readonly inputs: Properties;
  /** What exists already: on update, delete, and read. */
  readonly existing: CloudResource | undefined;
  readonly world: World;
  /** Hexadecimal text, the same for the same stack, resource, and label. */
  hex(label: string, length: number): string;
}

/** The service says no. The message starts with the service's own error code. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = "Refusal";
    this.code = code;
  }
}

/** A bad input, found by Check (preview as well as up). `property` is a path as in `rules[0].priority`. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** A generated name: logical name, separator, random hex; cut to fit. As the bridged providers do. */
export interface AutoName {
  readonly property: string;
  readonly maxLength: number;
  readonly separator?: string;
  readonly lowercase?: boolean;
  readonly suffix?: string;
  /** Before the logical name (`alias/` of a KMS alias). */
  readonly prefix?: string;
}

/** A name that only one resource may bear. */
export interface Unique {
  readonly property: string;
  readonly within: "world" | "account" | "region";
  readonly refuse: (name: string, operation: Operation) => Refusal;
}

/** An input that names another resource. Each value must name one that exists in the same account and region. */
export interface Reference {
  /** Path of the input, `[]` for list items: `subnetIds[]`, `vpcConfig.securityGroupIds[]`. */
  readonly property: string;
  /** Types that may be named, and by which output ("id" or an output such as "arn", "bucket"). */
  readonly types: readonly string[];
  readonly by: string;
  /** "world" for what may live elsewhere (an S3 bucket). Default: same account and region. */
  readonly within?: "world" | "account" | "region";
  readonly refuse: (value: string, operation: Operation) => Refusal;
}

/** What a service knows about one resource type beyond the schema and the provider facts. All parts are optional. */
export interface ResourceRules {
  readonly autoName?: AutoName;
  readonly unique?: readonly Unique[];
  readonly references?: readonly Reference[];
  /** Runs in preview too: unknown inputs are `UNKNOWN` there, so look only at what is known. */
  check?(inputs: Properties, location: Location): CheckFailure[];
  refuseCreate?(operation: Operation): Refusal | undefined;
  refuseUpdate?(operation: Operation): Refusal | undefined;
  refuseDelete?(operation: Operation): Refusal | undefined;
  /** The id the service gives. Default: hex of the type's usual form. */
  id?(operation: Operation): string;
  /** Outputs that the service computes. What is left out gets a value of its schema type. */
  computed?(operation: Operation, id: string): Properties;
  /** What the service makes, or adopts, beside the resource itself. Gone with it. */
  companions?(operation: Operation, id: string): CloudResource[];
  /** What a delete leaves behind and only the service's own rules look at (a secret in its recovery window). */
  leaves?(operation: Operation): CloudResource[];
  /** Other resources that a delete ends too (the images of a repository that is deleted with them). */
  takes?(operation: Operation): CloudResource[];
  /** Further properties that force a replacement, given old and new inputs. */
  replaces?(olds: Properties, news: Properties): string[];
  /** Inputs that differ in text but mean the same (policy documents, order of a set). Paths. */
  equivalent?(property: string, old: Value, now: Value): boolean;
}

export interface InvokeContext {
  readonly location: Location;
  readonly world: World;
}

/** Throws a `Refusal` where the service would fail. */
export type Invoke = (args: Properties, context: InvokeContext) => Properties;

export interface Service {
  readonly resources: Readonly<Record<string, ResourceRules>>;
  readonly invokes?: Readonly<Record<string, Invoke>>;
}
