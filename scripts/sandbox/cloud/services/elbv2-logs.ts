import type { Properties } from "../../values/value.ts";
import { flagAt, mapAt, mapsAt, textAt } from "../fields.ts";
import { matches, policyStatements } from "../iam-policy.ts";
import type { CloudResource, Operation, Refusal } from "../service.ts";
import { invalidConfiguration } from "./elbv2-lookup.ts";
import { elsewhere } from "./lookup.ts";

const DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com";

/** ELB's own accounts, which bucket policies named before there was a service principal. Source: ELB's user guide. */
const DELIVERY_ACCOUNTS: Readonly<Record<string, string>> = {
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ca-central-1": "985666609251",
  "eu-central-1": "054676820928",
  "eu-north-1": "897822967062",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "sa-east-1": "507241528517",
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
};

/** Whether the bucket's policy lets ELB write the object. Conditions are taken as met. */
function mayWrite({ location }: Operation, policy: string, objectArn: string): boolean {
  const account = DELIVERY_ACCOUNTS[location.region];
  return policyStatements(policy).some(
    ({ effect, principals, actions, resources }) =>
      effect === "Allow" &&
      ((principals["Service"] ?? []).includes(DELIVERY) ||
        (account !== undefined && (principals["AWS"] ?? []).some((who) => who.includes(account)))) &&
      actions.some((action) => matches(action, "s3:PutObject")) &&
      resources.some((resource) => matches(resource, objectArn)),
  );
}

/** ELB writes a test object when logging is turned on, and refuses where it cannot. */
function bucketRefusal(operation: Operation, logs: Properties): Refusal | undefined {
  const { world, location } = operation;
  const name = textAt(logs, "bucket") ?? "";
  const prefix = textAt(logs, "prefix");
  if (prefix?.includes("AWSLogs") === true)
    return invalidConfiguration(`The prefix '${prefix}' may not include AWSLogs, which ELB adds itself.`);
  const bucket = elsewhere(world, ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"], name, "bucket");
  if (bucket === undefined) return invalidConfiguration(`The S3 bucket ${name} does not exist.`);
  if (bucket.location.region !== location.region)
    return invalidConfiguration(`The S3 bucket ${name} is not in ${location.region}, where the load balancer is.`);
  const of = (type: string): CloudResource | undefined =>
    world.all(type).find(({ inputs }) => textAt(inputs, "bucket") === name);
  const encryption = of("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration");
  const byKms = mapsAt(encryption?.inputs ?? {}, "rules").some((rule) =>
    textAt(mapAt(rule, "applyServerSideEncryptionByDefault"), "sseAlgorithm")?.startsWith("aws:kms"),
  );
  const policy = textAt(of("aws:s3/bucketPolicy:BucketPolicy")?.inputs ?? bucket.inputs, "policy") ?? "";
  const folder = `arn:${location.partition}:s3:::${name}/${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${location.account}`;
  if (!byKms && policy !== "" && mayWrite(operation, policy, `${folder}/ELBAccessLogTestFile`)) return undefined;
  const why = byKms ? "its default encryption is not SSE-S3" : `its policy does not let ${DELIVERY} write ${folder}/*`;
  return invalidConfiguration(`Access Denied for bucket: ${name}. Please check S3bucket permission (${why}).`);
}

export function logsRefusal(operation: Operation): Refusal | undefined {
  for (const kind of ["accessLogs", "connectionLogs", "healthCheckLogs"]) {
    const logs = mapAt(operation.inputs, kind);
    const refusal = flagAt(logs, "enabled") === true ? bucketRefusal(operation, logs) : undefined;
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
