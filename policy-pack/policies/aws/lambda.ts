import { imageReferenceOf, isPinned } from "../../support/containers/image-reference.ts";
import { joinTo } from "../../support/join.ts";
import { at, atLeast, described, elements, expects, isSet, oneOf, textOf } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { plainSecret } from "../../support/secrets/plain-variables.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isMap } from "../../support/unknown.ts";

const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

/**
 * Last day of support by runtime: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 * Those on Amazon Linux 2 (java11, java17, python3.10, python3.11, provided.al2) are patched beyond its end, so they
 * have no date here.
 */
const RUNTIME_ENDS: Readonly<Record<string, string>> = {
  dotnet10: "2028-11-14",
  "dotnet5.0": "2022-05-10",
  dotnet6: "2024-12-20",
  dotnet7: "2024-05-14",
  dotnet8: "2026-11-10",
  "dotnetcore2.1": "2022-01-05",
  "dotnetcore3.1": "2023-04-03",
  "go1.x": "2024-01-08",
  java21: "2029-06-30",
  java25: "2029-06-30",
  java8: "2024-01-08",
  "nodejs10.x": "2021-07-30",
  "nodejs12.x": "2023-03-31",
  "nodejs14.x": "2023-12-04",
  "nodejs16.x": "2024-06-12",
  "nodejs18.x": "2025-09-01",
  "nodejs20.x": "2026-04-30",
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
  provided: "2024-01-08",
  "provided.al2023": "2029-06-30",
  "python2.7": "2021-07-15",
  "python3.12": "2028-10-31",
  "python3.13": "2029-06-30",
  "python3.14": "2029-06-30",
  "python3.6": "2022-07-18",
  "python3.7": "2023-12-04",
  "python3.8": "2024-10-14",
  "python3.9": "2025-12-15",
  "ruby2.5": "2021-07-30",
  "ruby2.7": "2023-12-07",
  "ruby3.2": "2026-03-31",
  "ruby3.3": "2027-03-31",
  "ruby3.4": "2028-03-31",
};

/** Runtimes of the same language that are supported on a day, the longest first. */
function successorsOf(runtime: string, today: string): readonly string[] {
  const language = /^[a-z]+/.exec(runtime)?.[0]?.replace("dotnetcore", "dotnet") ?? "";
  return Object.entries(RUNTIME_ENDS)
    .filter(([name, lastDay]) => new RegExp(`^${language}[\\d.]`).test(name) && today <= lastDay)
    .sort(([, one], [, other]) => other.localeCompare(one))
    .map(([name]) => name);
}

/** An image has no runtime, and one without a date is newer than the table. */
function endedRuntime({ props }: Resource, today = new Date().toISOString().slice(0, 10)): readonly Finding[] {
  const { runtime } = props;
  if (runtime instanceof Unknown) return [{ property: "runtime", unknown: runtime }];
  const lastDay = typeof runtime === "string" ? RUNTIME_ENDS[runtime] : undefined;
  if (typeof runtime !== "string" || lastDay === undefined || today <= lastDay) return [];
  const [newest = "provided.al2023"] = successorsOf(runtime, today);
  return [
    {
      property: "runtime",
      wrong: `it is "${runtime}", whose support ended on ${lastDay}`,
      fix: `set runtime: "${newest}"`,
    },
  ];
}

const ASYNCHRONOUS: ReadonlySet<string> = new Set(
  ["s3", "sns", "ses", "events", "logs", "iot", "config", "codecommit"].map((service) => `${service}.amazonaws.com`),
);

/** Functions that are called without anybody waiting for an answer, and whose failures go nowhere. */
function lostFailures(stack: Stack): readonly Finding[] {
  const functions = stack.ofType([FUNCTION]);
  const functionsOf = joinTo(functions);
  const keeps = new Set(
    stack
      .ofType([INVOKE_CONFIG])
      .filter(({ props }) => isSet.is(at(props, "destinationConfig.onFailure.destination")))
      .flatMap((config) => functionsOf(config, "functionName")),
  );
  const callers = new Map(
    stack.ofType([PERMISSION]).flatMap((permission) => {
      const caller = textOf(permission.props["principal"]) ?? "";
      if (!ASYNCHRONOUS.has(caller)) return [];
      return functionsOf(permission, "function").map(({ urn }) => [urn, caller] as const);
    }),
  );
  return functions
    .filter((called) => !keeps.has(called) && !isSet.is(at(called.props, "deadLetterConfig.targetArn")))
    .flatMap(({ urn, name }) => {
      const caller = callers.get(urn);
      if (caller === undefined) return [];
      return [
        {
          urn,
          property: "deadLetterConfig.targetArn",
          wrong: `it is not set, and an event of ${caller} on which "${name}" fails is lost`,
          fix: "add an aws.lambda.FunctionEventInvokeConfig with destinationConfig.onFailure, or set deadLetterConfig",
        },
      ];
    });
}

/** Variables of a function that show a secret. */
function plainVariables({ props }: Resource): readonly Finding[] {
  const property = "environment.variables";
  const variables = at(props, property);
  if (variables instanceof Unknown) return [{ property, unknown: variables }];
  return Object.entries(isMap(variables) ? variables : {}).flatMap(([name, value]) =>
    plainSecret(
      { property: `${property}.${name}`, value },
      name,
      `the variable ${name}`,
      "keep it in Secrets Manager, give the function its ARN, and let it read the secret",
    ),
  );
}

/** AWS encrypts variables with a key of its own. */
function withoutCustomerKey(resource: Resource): readonly Finding[] {
  const variables = at(resource.props, "environment.variables");
  if (isMap(variables) ? Object.keys(variables).length === 0 : !isSet.is(variables)) return [];
  return expects("kmsKeyArn", isSet, "set kmsKeyArn to a key of the program")(resource, {});
}

/** A function in one zone of a VPC goes with it. */
function singleZone({ props }: Resource): readonly Finding[] {
  const property = "vpcConfig.subnetIds";
  const value = at(props, property);
  if (value instanceof Unknown) return [{ property, unknown: value }];
  if (elements({ property, value }).length !== 1) return [];
  return [{ property, wrong: "it has one subnet", fix: `set ${property} to subnets in two zones or more` }];
}

function movingImage({ props }: Resource): readonly Finding[] {
  const { imageUri } = props;
  if (imageUri instanceof Unknown) return [{ property: "imageUri", unknown: imageUri }];
  if (typeof imageUri !== "string" || imageUri === "" || isPinned(imageReferenceOf(imageUri))) return [];
  return [
    {
      property: "imageUri",
      wrong: `${described(imageUri)}, which may be another image tomorrow`,
      fix: "name the image by its digest (repository@sha256:...)",
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "lambda-runtime-supported",
    description: "Lambda functions run on a runtime that AWS still patches.",
    why: "An old runtime gets no fixes, and some months later the function can no longer be updated.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...[
        "FSBP Lambda.2",
        "CKV_AWS_363",
        "AwsSolutions-L1",
        "Prowler awslambda_function_using_supported_runtimes",
        "PCI DSS v4.0.1/12.3.4",
      ],
    ],
    resources: [{ types: [FUNCTION], unknown: "refuse", find: (resource) => endedRuntime(resource) }],
  },
  {
    name: "lambda-image-pinned",
    description: "Lambda functions that are images are named by a digest, or by a tag that means one version.",
    why: "A tag that moves brings untested code with the next update.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [FUNCTION], unknown: "defer", find: movingImage }],
  },
  {
    name: "lambda-failures-kept",
    description: "Events on which a Lambda function fails are kept, where nobody waits for its answer.",
    why: "After two more attempts Lambda throws the event away, and nothing shows that it was there.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_116", "cdk-nag LambdaDLQ", "Prowler awslambda_function_no_dead_letter_queue"],
    stack: lostFailures,
  },
  {
    name: "lambda-no-plain-secrets",
    description: "No Lambda function holds a secret in a variable.",
    why: "Everyone who may look at the function reads it, and every published version keeps it.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_45", "Prowler awslambda_function_no_secrets_in_variables"],
    resources: [{ types: [FUNCTION], unknown: "defer", find: plainVariables }],
  },
  {
    name: "lambda-two-zones",
    description: "Lambda functions in a VPC stand in two zones or more.",
    why: "The loss of one zone would stop the function.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP Lambda.5", "Prowler awslambda_function_vpc_multi_az"],
    resources: [{ types: [FUNCTION], unknown: "defer", find: singleZone }],
  },
  {
    name: "lambda-concurrency-reserved",
    description: "Lambda functions have a limit of how many run at once.",
    why: "A loop of events otherwise takes the whole account's share, and the month's budget.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_115", "cdk-nag LambdaConcurrency"],
    resources: [
      {
        types: [FUNCTION],
        unknown: "refuse",
        find: expects("reservedConcurrentExecutions", atLeast(0), "set reservedConcurrentExecutions to a small number"),
      },
    ],
  },
  {
    name: "lambda-traced",
    description: "Lambda functions write traces to X-Ray.",
    why: "A slow call is then found without guessing.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_50", "AWS-0066", "FSBP Lambda.7", "cdk-nag LambdaTracing"],
    resources: [
      {
        types: [FUNCTION],
        unknown: "refuse",
        find: expects("tracingConfig.mode", oneOf("Active"), 'set tracingConfig: { mode: "Active" }'),
      },
    ],
  },
  {
    name: "lambda-variables-customer-key",
    description: "Variables of Lambda functions are encrypted with a key of the program.",
    why: "Who may read them is then decided by a policy of the project as well.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_173", "Prowler awslambda_function_env_vars_not_encrypted_with_cmk"],
    resources: [{ types: [FUNCTION], unknown: "defer", find: withoutCustomerKey }],
  },
];
