import assert from "node:assert/strict";
import { Archive, Asset } from "../../values/value.ts";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { ec2 } from "./ec2.ts";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { lambda } from "./lambda.ts";
import { s3 } from "./s3.ts";
import { assertRefused, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const ALIAS = "aws:lambda/alias:Alias";
const URL = "aws:lambda/functionUrl:FunctionUrl";

const trust = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
const code = new Archive("0".repeat(64), { assets: { "index.mjs": new Asset("1".repeat(64), { text: "" }) } });

interface Setting {
  readonly cloud: TinyWorld;
  readonly inputs: Properties;
  readonly make: (changes?: Properties, name?: string) => CloudResource;
}

/** A cloud with a role that Lambda may take, and the inputs of a function that Lambda takes. */
function setting(): Setting {
  const cloud = tinyWorld(lambda, iam, kms, s3, ec2);
  const role = cloud.create("aws:iam/role:Role", "rotate", {
    name: "rotate",
    assumeRolePolicy: trust("lambda.amazonaws.com"),
  });
  const inputs = { role: textIn(role.outputs, "arn"), runtime: "nodejs24.x", handler: "index.handler", code };
  return {
    cloud,
    inputs,
    make: (changes = {}, name = "rotate") => cloud.create(FUNCTION, name, { name, ...inputs, ...changes }),
  };
}

describe("Lambda: a function", () => {
  it("has its name as id, and ARNs for itself and for API Gateway", () => {
    const { make } = setting();
    const { id, outputs } = make({ publish: true });
    const arn = "arn:aws:lambda:us-east-1:111122223333:function:rotate";
    assert.equal(id, "rotate");
    assert.equal(outputs["arn"], arn);
    assert.equal(outputs["qualifiedArn"], `${arn}:1`);
    assert.equal(outputs["version"], "1");
    assert.equal(
      outputs["invokeArn"],
      `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
    );
    assert.deepEqual(outputs["loggingConfig"], { logFormat: "Text", logGroup: "/aws/lambda/rotate" });
  });

  it("is unpublished unless told otherwise, and counts its versions where it is published", () => {
    const { cloud, inputs, make } = setting();
    assert.equal(make().outputs["version"], "$LATEST");
    const published = make({ publish: true }, "other");
    const updated = cloud.update(published, { ...inputs, name: "other", publish: true, timeout: 30 });
    assert.equal(updated.outputs["version"], "2");
  });

  it("has a name that is free in its account and region", () => {
    const { make } = setting();
    make();
    assertRefused(() => make(), "ResourceConflictException");
  });

  const refused: readonly [what: string, changes: Properties, code: string, says: RegExp][] = [
    [
      "with a role that does not exist",
      { role: "arn:aws:iam::111122223333:role/none" },
      "InvalidParameterValueException",
      /cannot be assumed by Lambda/,
    ],
    [
      "with another account's role",
      { role: "arn:aws:iam::444455556666:role/rotate" },
      "AccessDeniedException",
      /Cross-account pass role/,
    ],
    ["with a retired runtime", { runtime: "nodejs16.x" }, "InvalidParameterValueException", /no longer supported/],
    [
      "without code",
      { code: new Archive("0".repeat(64), { assets: {} }) },
      "InvalidParameterValueException",
      /non-empty zip/,
    ],
    [
      "with a bucket that does not exist",
      { code: null, s3Bucket: "none", s3Key: "code.zip" },
      "InvalidParameterValueException",
      /NoSuchBucket/,
    ],
    [
      "with a state that its runtime does not keep",
      { snapStart: { applyOn: "PublishedVersions" } },
      "InvalidParameterValueException",
      /nodejs24.x is not supported for SnapStart/,
    ],
    [
      "with a layer that does not exist",
      { layers: ["arn:aws:lambda:us-east-1:111122223333:layer:none:1"] },
      "InvalidParameterValueException",
      /Layer version .* does not exist/,
    ],
    [
      "of an image, with a handler",
      { code: null, packageType: "Image", imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1" },
      "InvalidParameterValueException",
      /don't provide Handler/,
    ],
    [
      "of an image without saying so",
      { code: null, imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1" },
      "InvalidParameterValueException",
      /PackageType to "Image"/,
    ],
    [
      "with a key that does not exist",
      { kmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/none" },
      "InvalidParameterValueException",
      /KMS key/,
    ],
    [
      "with a subnet that does not exist",
      { vpcConfig: { subnetIds: ["subnet-none"], securityGroupIds: [] } },
      "InvalidParameterValueException",
      /InvalidSubnetID.NotFound/,
    ],
    [
      "with a security group that does not exist",
      { vpcConfig: { subnetIds: [], securityGroupIds: ["sg-none"] } },
      "InvalidParameterValueException",
      /InvalidGroup.NotFound/,
    ],
    [
      "with a dead-letter queue that does not exist",
      { deadLetterConfig: { targetArn: "arn:aws:sqs:us-east-1:111122223333:none" } },
      "InvalidParameterValueException",
      /dead-letter/,
    ],
    [
      "with a variable that Lambda sets",
      { environment: { variables: { AWS_REGION: "us-east-1" } } },
      "InvalidParameterValueException",
      /reserved keys.*AWS_REGION/,
    ],
    [
      "with too many variables",
      { environment: { variables: { BIG: "x".repeat(4096) } } },
      "InvalidParameterValueException",
      /4KB/,
    ],
    [
      "that reserves what others need",
      { reservedConcurrentExecutions: 901 },
      "InvalidParameterValueException",
      /UnreservedConcurrentExecution below its minimum value of \[100\]/,
    ],
  ];
  for (const [what, changes, errorCode, says] of refused)
    it(`is not made ${what}`, () => {
      const { cloud, inputs, make } = setting();
      assertRefused(() => make(changes), errorCode, says);
      const right = make();
      assertRefused(() => cloud.update(right, { name: "rotate", ...inputs, ...changes }), errorCode, says);
    });

  it("is not made with a role that trusts another service", () => {
    const { cloud, make } = setting();
    const role = cloud.create("aws:iam/role:Role", "ecs", {
      name: "ecs",
      assumeRolePolicy: trust("ecs-tasks.amazonaws.com"),
    });
    assertRefused(() => make({ role: textIn(role.outputs, "arn") }), "InvalidParameterValueException", /assumed/);
  });

  it("shares the account's concurrency with the others of its region", () => {
    const { make } = setting();
    make({ reservedConcurrentExecutions: 500 });
    make({ reservedConcurrentExecutions: 400 }, "b");
    assertRefused(() => make({ reservedConcurrentExecutions: 1 }, "c"), "InvalidParameterValueException");
    make({}, "c");
  });

  const failures: readonly [property: string, inputs: Properties][] = [
    ["handler", { runtime: "nodejs24.x" }],
    ["runtime", { handler: "index.handler" }],
    ["runtime", { handler: "index.handler", runtime: "node24" }],
    [
      "loggingConfig.systemLogLevel",
      { handler: "h.h", runtime: "nodejs24.x", loggingConfig: { logFormat: "Text", systemLogLevel: "WARN" } },
    ],
    ["environment.variables", { handler: "h.h", runtime: "nodejs24.x", environment: { variables: { "A-B": "x" } } }],
  ];
  for (const [property, inputs] of failures)
    it(`fails its preview for ${property}: ${JSON.stringify(inputs)}`, () => {
      const { cloud } = setting();
      assert.deepEqual(
        cloud.check(FUNCTION, inputs).map((failure) => failure.property),
        [property],
      );
    });

  for (const runtime of ["nodejs22.x", "nodejs24.x", "python3.14", "java25", "provided.al2023"])
    it(`may run on ${runtime}`, () => {
      setting().make({ runtime });
    });

  it("is made of an image of ECR that is there", () => {
    const { make } = setting();
    const image = (imageUri: string) => () =>
      make({ code: null, handler: null, runtime: null, packageType: "Image", imageUri });
    assertRefused(image("nginx:latest"), "InvalidParameterValueException", /not valid/);
    assertRefused(
      image("111122223333.dkr.ecr.us-east-1.amazonaws.com/none:1"),
      "InvalidParameterValueException",
      /does not exist/,
    );
    image("444455556666.dkr.ecr.us-east-1.amazonaws.com/shared:1")();
  });

  it("is made of an object that is there", () => {
    const { cloud, make } = setting();
    const s3Bucket = textIn(cloud.create("aws:s3/bucket:Bucket", "b", { bucket: "code-bucket" }).outputs, "bucket");
    const fromBucket = () => make({ code: null, s3Bucket, s3Key: "code.zip" });
    assertRefused(fromBucket, "InvalidParameterValueException", /NoSuchKey/);
    cloud.create("aws:s3/bucketObjectv2:BucketObjectv2", "o", { bucket: s3Bucket, key: "code.zip" });
    fromBucket();
  });

  it("is in a network with subnets and groups, by a role that may make interfaces", () => {
    const { cloud, make } = setting();
    const vpcId = cloud.create("aws:ec2/vpc:Vpc", "v", { cidrBlock: "10.0.0.0/16" }).id;
    const subnet = cloud.create("aws:ec2/subnet:Subnet", "s", { vpcId, cidrBlock: "10.0.0.0/24" }).id;
    const group = cloud.create("aws:ec2/securityGroup:SecurityGroup", "g", { vpcId, name: "g" }).id;
    const placed = (securityGroupIds: string[]) => () => make({ vpcConfig: { subnetIds: [subnet], securityGroupIds } });
    assertRefused(placed([]), "InvalidParameterValueException", /must coexist/);
    assertRefused(placed([group]), "InvalidParameterValueException", /CreateNetworkInterface/);
    cloud.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "p", {
      role: "rotate",
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
    });
    placed([group])();
  });
});

describe("Lambda: a permission", () => {
  const allow = { action: "lambda:InvokeFunction", principal: "secretsmanager.amazonaws.com" };

  it("has its statement's id, which the provider makes up where there is none", () => {
    const { cloud, make } = setting();
    make();
    assert.equal(
      cloud.create(PERMISSION, "a", { ...allow, function: "rotate", statementId: "Rotation" }).id,
      "Rotation",
    );
    assert.match(cloud.create(PERMISSION, "b", { ...allow, function: "rotate" }).id, /^terraform-[0-9a-f]{26}$/);
  });

  it("names a function by name or ARN, of this account and region", () => {
    const { cloud, make } = setting();
    const arn = textIn(make().outputs, "arn");
    for (const named of ["rotate", arn]) cloud.create(PERMISSION, named, { ...allow, function: named });
    for (const named of ["none", arn.replace("us-east-1", "us-west-2")])
      assertRefused(
        () => cloud.create(PERMISSION, "x", { ...allow, function: named }),
        "ResourceNotFoundException",
        /Function not found/,
      );
    assertRefused(
      () => cloud.create(PERMISSION, "x", { ...allow, function: "rotate" }, STAGING),
      "ResourceNotFoundException",
    );
  });

  it("has a statement id of its own per function and qualifier", () => {
    const { cloud, make } = setting();
    make({ publish: true });
    make({}, "other");
    const statement = { ...allow, statementId: "Rotation" };
    cloud.create(PERMISSION, "a", { ...statement, function: "rotate" });
    assertRefused(
      () => cloud.create(PERMISSION, "b", { ...statement, function: "rotate" }),
      "ResourceConflictException",
    );
    cloud.create(PERMISSION, "c", { ...statement, function: "rotate", qualifier: "1" });
    cloud.create(PERMISSION, "d", { ...statement, function: "other" });
    assertRefused(
      () => cloud.create(PERMISSION, "e", { ...statement, function: "rotate", qualifier: "2" }),
      "ResourceNotFoundException",
    );
  });

  for (const [principal, good] of [
    ["secretsmanager.amazonaws.com", true],
    ["111122223333", true],
    ["arn:aws:iam::111122223333:role/rotate", true],
    ["arn:aws:iam::111122223333:root", true],
    ["arn:aws:iam::111122223333:role/none", false],
    ["secretsmanager", false],
  ] as const)
    it(`is ${good ? "" : "not "}given to ${principal}`, () => {
      const { cloud, make } = setting();
      make();
      const give = () => cloud.create(PERMISSION, "a", { ...allow, principal, function: "rotate" });
      if (good) give();
      else assertRefused(give, "InvalidParameterValueException", /principal was invalid/);
    });

  it("names what goes with function URLs only where it is about them", () => {
    const { cloud } = setting();
    const failing = { action: "lambda:InvokeFunction", functionUrlAuthType: "NONE" };
    assert.equal(cloud.check(PERMISSION, failing)[0]?.property, "functionUrlAuthType");
    assert.deepEqual(cloud.check(PERMISSION, { ...failing, action: "lambda:InvokeFunctionUrl" }), []);
  });
});

describe("Lambda: an alias", () => {
  it("points to a version that there is, and has a name of its own", () => {
    const { cloud, make } = setting();
    make({ publish: true });
    const inputs = { name: "live", functionName: "rotate", functionVersion: "1" };
    const alias = cloud.create(ALIAS, "live", inputs);
    assert.equal(alias.outputs["arn"], "arn:aws:lambda:us-east-1:111122223333:function:rotate:live");
    assertRefused(() => cloud.create(ALIAS, "b", inputs), "ResourceConflictException");
    for (const wrong of [{ functionVersion: "2" }, { functionName: "none" }])
      assertRefused(
        () => cloud.create(ALIAS, "c", { ...inputs, name: "other", ...wrong }),
        "ResourceNotFoundException",
      );
  });

  it("shares calls among published versions alone, and is not called like a version", () => {
    const { cloud, make } = setting();
    make({ publish: true });
    const split = { routingConfig: { additionalVersionWeights: { "1": 0.1 } } };
    const inputs = { name: "live", functionName: "rotate", functionVersion: "$LATEST", ...split };
    assertRefused(() => cloud.create(ALIAS, "live", inputs), "InvalidParameterValueException", /\$LATEST/);
    assert.equal(cloud.check(ALIAS, { name: "12" })[0]?.property, "name");
  });
});

describe("Lambda: a function URL", () => {
  it("is one per function and qualifier", () => {
    const { cloud, make } = setting();
    make();
    const inputs = { functionName: "rotate", authorizationType: "AWS_IAM" };
    const url = cloud.create(URL, "a", inputs);
    assert.match(textIn(url.outputs, "functionUrl"), /^https:\/\/[a-z0-9]{32}\.lambda-url\.us-east-1\.on\.aws\/$/);
    assertRefused(() => cloud.create(URL, "b", inputs), "ResourceConflictException");
    assertRefused(() => cloud.create(URL, "c", { ...inputs, functionName: "none" }), "ResourceNotFoundException");
  });
});
