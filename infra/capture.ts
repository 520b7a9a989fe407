import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. Secrets stay wrapped in Pulumi's secret envelope. */
export interface CapturedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `urn::id` of the explicit provider, or "". */
  readonly provider: string;
  readonly protect: boolean;
  /** The outermost component that holds it, or is it; "" outside of all. */
  readonly component: string;
  /** URNs of what is made before it, because its inputs or its options name them. */
  readonly dependencies: readonly string[];
}

export interface CaptureOptions {
  readonly stack?: string;
  /** `groundwork:key` to text. */
  readonly config?: Readonly<Record<string, string>>;
  /** Outputs of the stack that the program refers to. */
  readonly referred?: Readonly<Record<string, unknown>>;
}

export interface Capture<T> {
  readonly result: T;
  readonly resources: readonly CapturedResource[];
}

type State = Record<string, unknown>;

interface Registration {
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProtect(): boolean | undefined;
  getDependenciesList(): string[];
}

type Answered = (error: unknown, response: { getUrn(): string } | undefined) => unknown;

interface Monitor {
  registerResource(request: Registration, callback: Answered): unknown;
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
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({
    arnSuffix: `app/${name}/0123456789abcdef`,
    dnsName: `${name}-1234567890.${region}.elb.amazonaws.com`,
  }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({ arnSuffix: `targetgroup/${name}/0123456789abcdef` }),
  "aws:appconfig/environment:Environment": () => ({ environmentId: "env1234" }),
  "aws:appconfig/configurationProfile:ConfigurationProfile": () => ({ configurationProfileId: "prof123" }),
  "aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion": () => ({ versionNumber: 1 }),
  "cloudflare:index/pagesProject:PagesProject": (name) => ({ subdomain: `${name}.pages.dev` }),
  "cloudflare:index/zoneDnssec:ZoneDnssec": () => ({ ds: "example.invalid. 3600 IN DS 2371 13 2 ABCD" }),
  "random:index/randomBytes:RandomBytes": (name, inputs) => ({
    base64: pulumi.secret(Buffer.alloc(Number(inputs["length"]), name).toString("base64")),
  }),
  "aws:lambda/function:Function": (name, inputs) => ({ name: text(inputs["name"], `${name}-0a1b2c3`) }),
  "aws:sqs/queue:Queue": (name) => ({
    name: `${name}-0a1b2c3`,
    url: `https://sqs.${region}.amazonaws.com/${account}/${name}-0a1b2c3`,
  }),
  "aws:ecr/repository:Repository": (name) => ({
    name: `${name}-0a1b2c3`,
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}-0a1b2c3`,
  }),
  "awsx:ecr:Image": (_name, inputs) => ({
    imageUri: `${text(inputs["repositoryUrl"], "")}@sha256:${"0123456789abcdef".repeat(4)}`,
  }),
  "docker-build:index:Image": () => ({ digest: `sha256:${"0123456789abcdef".repeat(4)}` }),
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
  "datadog:index/apiKey:ApiKey": () => ({ key: pulumi.secret("feedc0de".repeat(4)) }),
  "datadog:index/syntheticsTest:SyntheticsTest": () => ({ monitorId: 1234567 }),
  "datadog:index/dashboardJson:DashboardJson": () => ({ url: "/dashboard/abc-def-ghi/api" }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: pulumi.secret(`generated-for-${name}`) }),
};

type Answer = (inputs: State, made: readonly CapturedResource[]) => State;

/** What providers answer to questions, where the program asks them. */
const answers: Readonly<Record<string, Answer>> = {
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
    proxyEndpoint: `https://${account}.dkr.ecr.${region}.amazonaws.com`,
    userName: "AWS",
    password: "registry-password",
  }),
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

/** What ARNs say between `arn:aws:` and the name, where components look at it; for the others: the module. */
const arns: Readonly<Record<string, string>> = {
  "aws:acm/certificate:Certificate": `acm:${region}:${account}:certificate/`,
  "aws:acm/certificateValidation:CertificateValidation": `acm:${region}:${account}:certificate/`,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": `iam::${account}:oidc-provider/`,
  "aws:iam/policy:Policy": `iam::${account}:policy/`,
  "aws:iam/role:Role": `iam::${account}:role/`,
  "aws:lb/listener:Listener": `elasticloadbalancing:${region}:${account}:listener/app/`,
  "aws:lb/loadBalancer:LoadBalancer": `elasticloadbalancing:${region}:${account}:loadbalancer/app/`,
  "aws:lb/targetGroup:TargetGroup": `elasticloadbalancing:${region}:${account}:targetgroup/`,
  "aws:lb/trustStore:TrustStore": `elasticloadbalancing:${region}:${account}:truststore/`,
  "aws:s3/bucket:Bucket": "s3:::",
};

function outputsOf(type: string, name: string, inputs: State): State {
  const module = type.split(":")[1]?.split("/")[0] ?? "";
  const arn = `arn:aws:${arns[type] ?? `${module}:${region}:${account}:`}${name}`;
  return { arn, ...inputs, ...computed[type]?.(name, inputs) };
}

/**
 * Runs a program, or a part of one, against Pulumi's own mocks, and gives everything that it registered.
 * One at a time in a process: the mocks are global. Waits for all that was registered.
 */
export async function capture<T>(run: () => T | Promise<T>, options: CaptureOptions = {}): Promise<Capture<T>> {
  const resources: CapturedResource[] = [];
  // Mocks are not told a resource's options; the request has them.
  const unsaid = { protect: false, component: "", dependencies: [] as string[] };
  let said = unsaid;
  /** URN to the outermost component. */
  const componentOf = new Map<string, string>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        const known = inputs as State;
        resources.push({ type, name, inputs: known, provider, ...said });
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { ...known, outputs: options.referred ?? {}, secretOutputNames: [] } };
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
    false,
    "organization",
  );
  const monitor = pulumi.runtime.getMonitor() as Monitor | undefined;
  const register = monitor?.registerResource.bind(monitor);
  if (monitor !== undefined && register !== undefined)
    monitor.registerResource = (request, answered) => {
      const component = componentOf.get(request.getParent()) ?? (request.getCustom() ? "" : request.getName());
      said = { protect: request.getProtect() ?? false, component, dependencies: request.getDependenciesList() };
      const registered = register(request, (error, response) => {
        if (response !== undefined && component !== "") componentOf.set(response.getUrn(), component);
        return answered(error, response);
      });
      said = unsaid;
      return registered;
    };
  pulumi.runtime.setAllConfig({ ...options.config });
  // What fails in an output fails nobody who waits: Pulumi's own host hears of it in the same way.
  const failures: unknown[] = [];
  const failed = (reason: unknown) => failures.push(reason);
  process.on("unhandledRejection", failed);
  try {
    const result = await run();
    await pulumi.runtime.disconnect();
    // Node tells of rejections once all that was ready has run.
    await setImmediate();
    if (failures.length > 0) throw failures[0];
    return { result, resources };
  } finally {
    process.off("unhandledRejection", failed);
  }
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
