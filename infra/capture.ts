import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. Secrets stay wrapped in Pulumi's secret envelope. */
export interface CapturedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `urn::id` of the explicit provider, or "". */
  readonly provider: string;
  readonly protect: boolean;
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

interface Registration {
  getType(): string;
  getName(): string;
  getProtect(): boolean | undefined;
}

interface Monitor {
  registerResource(request: Registration, ...rest: unknown[]): unknown;
}

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
    internetGateway: { id: `igw-${name}` },
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
  "aws:ec2/vpcEndpoint:VpcEndpoint": (name) => ({ prefixListId: `pl-${name}` }),
  "aws:acm/certificate:Certificate": (_name, inputs) => ({
    domainValidationOptions: [
      inputs["domainName"],
      ...((inputs["subjectAlternativeNames"] as unknown[] | undefined) ?? []),
    ]
      .map((domain) => text(domain, ""))
      .map((domainName) => ({
        domainName,
        resourceRecordName: `_proof.${domainName.replace("*.", "")}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_value.acm-validations.aws.",
      })),
  }),
  "aws:s3/bucketObjectv2:BucketObjectv2": (name) => ({ versionId: `version-${name}` }),
  "aws:kms/key:Key": (name) => ({ keyId: `key-${name}` }),
  "aws:iam/role:Role": (name, inputs) => ({ name: text(inputs["name"], `${name}-0a1b2c3`) }),
  "aws:cloudfront/distribution:Distribution": () => ({ domainName: "d111111abcdef8.cloudfront.net" }),
  "aws:backup/vault:Vault": (name) => ({ name: `${name}-0a1b2c3` }),
  "aws:ecs/cluster:Cluster": (name) => ({ name: `${name}-0a1b2c3` }),
  "aws:ecs/service:Service": (name) => ({ name: `${name}-0a1b2c3` }),
  "aws:cloudwatch/logGroup:LogGroup": (name, inputs) => ({ name: text(inputs["name"], `${name}-0a1b2c3`) }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name, inputs) => ({ name: text(inputs["name"], `${name}-0a1b2c3`) }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({ arnSuffix: `targetgroup/${name}/0123456789abcdef` }),
  "aws:appconfig/environment:Environment": () => ({ environmentId: "env1234" }),
  "aws:appconfig/configurationProfile:ConfigurationProfile": () => ({ configurationProfileId: "prof123" }),
  "aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion": () => ({ versionNumber: 1 }),
  "cloudflare:index/pagesProject:PagesProject": (name) => ({ subdomain: `${name}.pages.dev` }),
  "cloudflare:index/zoneDnssec:ZoneDnssec": () => ({ ds: "example.com. 3600 IN DS 2371 13 2 ABCD" }),
  "random:index/randomBytes:RandomBytes": (name, inputs) => ({
    base64: Buffer.alloc(Number(inputs["length"]), name).toString("base64"),
  }),
  "aws:lambda/function:Function": (name, inputs) => ({ name: text(inputs["name"], `${name}-0a1b2c3`) }),
  "aws:ecr/repository:Repository": (name) => ({
    name: `${name}-0a1b2c3`,
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}-0a1b2c3`,
  }),
  "awsx:ecr:Image": (_name, inputs) => ({
    imageUri: `${text(inputs["repositoryUrl"], "")}@sha256:${"0123456789abcdef".repeat(4)}`,
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": (name, inputs) => ({
    replicationGroupId: `${name}-0a1b2c3`,
    primaryEndpointAddress: `master.${name}.abc123.use1.cache.amazonaws.com`,
    memberClusters: Array.from({ length: Number(inputs["numCacheClusters"]) }, (_, node) => `${name}-00${node + 1}`),
  }),
  "aws:elasticache/subnetGroup:SubnetGroup": (name) => ({ name: `${name}-0a1b2c3` }),
  "aws:elasticache/parameterGroup:ParameterGroup": (name) => ({ name: `${name}-0a1b2c3` }),
  "mongodbatlas:index/advancedCluster:AdvancedCluster": (name) => ({
    name: `${name}-0a1b2c3`,
    replicationSpecs: [{ zoneId: `zone-${name}` }],
  }),
  "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint": (name) => ({
    privateLinkId: `link-${name}`,
    endpointServiceName: `com.amazonaws.vpce.${region}.vpce-svc-${name}`,
  }),
  "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup": (name) => ({
    roleId: `access-${name}`,
    awsConfigs: [
      { atlasAwsAccountArn: "arn:aws:iam::536727724300:root", atlasAssumedRoleExternalId: `external-${name}` },
    ],
  }),
  "aws:cloudwatch/eventRule:EventRule": (name, inputs) => ({ name: text(inputs["name"], `${name}-0a1b2c3`) }),
  "datadog:index/syntheticsTest:SyntheticsTest": () => ({ monitorId: 1234567 }),
  "datadog:index/dashboardJson:DashboardJson": () => ({ url: "/dashboard/abc-def-ghi/api" }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: `generated-for-${name}` }),
};

type Answer = (inputs: State, made: readonly CapturedResource[]) => State;

/** What providers answer to questions, where the program asks them. */
const answers: Readonly<Record<string, Answer>> = {
  // One private endpoint for each that was attached before.
  "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": ({ name }, made) => ({
    connectionStrings: {
      privateEndpoints: made
        .filter(({ type }) => type === "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService")
        .map(({ inputs }, index) => ({
          endpoints: [{ endpointId: inputs["endpointServiceId"] }],
          srvConnectionString: `mongodb+srv://${text(name, "")}-pl-${index}.abc12.mongodb.net`,
        })),
    },
  }),
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
  const guarded = new Set<string>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        const known = inputs as State;
        resources.push({ type, name, inputs: known, provider, protect: guarded.has(`${type} ${name}`) });
        return { id: `${name}-id`, state: outputsOf(type, name, known) };
      },
      call: ({ token, inputs }) => {
        const answer = answers[token];
        if (answer === undefined) throw new Error(`the capture knows no answer to ${token}`);
        return answer(inputs as State, resources);
      },
    },
    "groundwork",
    options.stack ?? "staging",
  );
  // Mocks are not told a resource's options; the request has them.
  const monitor = pulumi.runtime.getMonitor() as Monitor | undefined;
  const register = monitor?.registerResource.bind(monitor);
  if (monitor !== undefined && register !== undefined)
    monitor.registerResource = (request, ...rest) => {
      if (request.getProtect() === true) guarded.add(`${request.getType()} ${request.getName()}`);
      return register(request, ...rest);
    };
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
