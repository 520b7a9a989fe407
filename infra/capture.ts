import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. Secrets stay wrapped in Pulumi's secret envelope. */
export interface CapturedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `urn::id` of the explicit provider, or "". */
  readonly provider: string;
}

export interface CaptureOptions {
  readonly stack?: string;
  /** `groundwork:key` to text. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface Capture<T> {
  readonly result: T;
  readonly resources: readonly CapturedResource[];
}

type State = Record<string, unknown>;

const account = "123456789012";
const region = "us-east-1";

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** What awsx answers, as far as the program reads it. */
function vpcOutputs(name: string, inputs: State): State {
  const zones = typeof inputs["numberOfAvailabilityZones"] === "number" ? inputs["numberOfAvailabilityZones"] : 3;
  const perZone = (kind: string) => Array.from({ length: zones }, (_, zone) => `${kind}-${name}-${zone + 1}`);
  return {
    vpcId: `vpc-${name}`,
    publicSubnetIds: perZone("subnet-public"),
    privateSubnetIds: perZone("subnet-private"),
    isolatedSubnetIds: perZone("subnet-isolated"),
    routeTables: [...perZone("rtb-public"), ...perZone("rtb-private"), ...perZone("rtb-isolated")].map((id) => ({
      id,
    })),
  };
}

/** Outputs beyond `arn` and the inputs, where the program reads them. */
const computed: Readonly<Record<string, (name: string, inputs: State) => State>> = {
  "awsx:ec2:Vpc": vpcOutputs,
  "aws:s3/bucket:Bucket": (name, inputs) => ({
    bucket: text(inputs["bucket"], `${name}-0a1b2c3`),
    bucketRegionalDomainName: `${name}-0a1b2c3.s3.${region}.amazonaws.com`,
  }),
  "aws:kms/key:Key": (name) => ({ keyId: `key-${name}` }),
  "aws:iam/role:Role": (name, inputs) => ({ name: text(inputs["name"], `${name}-0a1b2c3`) }),
  "aws:cloudfront/distribution:Distribution": () => ({ domainName: "d111111abcdef8.cloudfront.net" }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: `generated-for-${name}` }),
};

function outputsOf(type: string, name: string, inputs: State): State {
  const service = type.split(":")[1]?.split("/")[0] ?? "";
  return { arn: `arn:aws:${service}:${region}:${account}:${name}`, ...inputs, ...computed[type]?.(name, inputs) };
}

/**
 * Runs a program, or a part of one, against Pulumi's own mocks, and gives everything that it registered.
 * One at a time in a process: the mocks are global. Waits for all that was registered.
 */
export async function capture<T>(run: () => T | Promise<T>, options: CaptureOptions = {}): Promise<Capture<T>> {
  const resources: CapturedResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        const known = inputs as State;
        resources.push({ type, name, inputs: known, provider });
        return { id: `${name}-id`, state: outputsOf(type, name, known) };
      },
      call: ({ token }) => {
        throw new Error(`the capture knows no answer to ${token}`);
      },
    },
    "groundwork",
    options.stack ?? "staging",
  );
  pulumi.runtime.setAllConfig({ ...options.config });
  const result = await run();
  await pulumi.runtime.disconnect();
  return { result, resources };
}

/** The one resource of a type. */
export function only(resources: readonly CapturedResource[], type: string): CapturedResource {
  const found = resources.filter((resource) => resource.type === type);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`expected one ${type}, found ${found.length}`);
  return first;
}

/** What an output becomes. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
