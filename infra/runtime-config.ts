import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";

export interface RuntimeConfigArgs {
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** JSON Schema of draft 4: what does not fit is not deployed. */
  readonly schema: pulumi.Input<Readonly<Record<string, unknown>>>;
  /** What is deployed first. */
  readonly initial: pulumi.Input<Readonly<Record<string, unknown>>>;
  /** Minutes after a deployment in which an alarm takes it back, 0 to 1,440. Default: 10. */
  readonly bakeMinutes?: pulumi.Input<number>;
  /** The CloudWatch alarm that takes a deployment back. Default: none, so that nothing but a person does. */
  readonly alarmArn?: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Where a task finds what is deployed. */
export interface DeployedConfig {
  readonly applicationId: pulumi.Input<string>;
  readonly environmentId: pulumi.Input<string>;
  readonly profileId: pulumi.Input<string>;
  /** What a role must be allowed to read: the profile as it is deployed in the environment. */
  readonly configurationArn: pulumi.Input<string>;
}

/**
 * Configuration that the API reloads while it runs: an AppConfig application with one environment and one profile of
 * JSON, a first version of it, and its deployment.
 *
 * A deployment reaches every task at its next question, at once and not in steps: the brief allows 30 seconds. The
 * first version is the program's; later ones are people's, who make them in AppConfig, and the program never deploys
 * over them. AppConfig deletes no profile that still has a version: those that people made go first, by hand.
 *
 * Throws where `accountId` is no account or `bakeMinutes` is outside AppConfig's limits.
 */
export class RuntimeConfig extends pulumi.ComponentResource {
  readonly applicationId: pulumi.Output<string>;
  readonly environmentId: pulumi.Output<string>;
  readonly profileId: pulumi.Output<string>;
  /** What a role must be allowed to read: the profile as it is deployed in the environment. */
  readonly configurationArn: pulumi.Output<string>;

  constructor(name: string, args: RuntimeConfigArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:hosting:RuntimeConfig", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const finalBakeTimeInMinutes = checked(
      this,
      "bakeMinutes",
      args.bakeMinutes ?? 10,
      z.int().min(0, "must be 0 to 1440 minutes").max(1440, "must be 0 to 1440 minutes"),
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const application = new aws.appconfig.Application(
      physicalName("aws:appconfig/application:Application", name, "api"),
      { description: "What the API reloads while it runs.", ...tags },
      parent,
    );
    const applicationId = application.id;
    const environment = new aws.appconfig.Environment(
      physicalName("aws:appconfig/environment:Environment", name, "api"),
      { applicationId, ...this.#monitored(name, args, accountId), ...tags },
      parent,
    );
    const profile = new aws.appconfig.ConfigurationProfile(
      physicalName("aws:appconfig/configurationProfile:ConfigurationProfile", name, "api"),
      {
        applicationId,
        locationUri: "hosted",
        type: "AWS.Freeform",
        validators: [{ type: "JSON_SCHEMA", content: pulumi.jsonStringify(args.schema) }],
        ...tags,
      },
      parent,
    );
    const { configurationProfileId } = profile;
    const first = new aws.appconfig.HostedConfigurationVersion(
      name,
      {
        applicationId,
        configurationProfileId,
        contentType: "application/json",
        content: pulumi.jsonStringify(args.initial),
      },
      // A version cannot be changed: another content would be a new version, deployed over what people deployed since.
      { parent: this, ignoreChanges: ["content"] },
    );
    const strategy = new aws.appconfig.DeploymentStrategy(
      physicalName("aws:appconfig/deploymentStrategy:DeploymentStrategy", name, "at-once"),
      {
        deploymentDurationInMinutes: 0,
        growthFactor: 100,
        growthType: "LINEAR",
        finalBakeTimeInMinutes,
        replicateTo: "NONE",
        ...tags,
      },
      parent,
    );
    const { environmentId } = environment;
    new aws.appconfig.Deployment(
      name,
      {
        applicationId,
        environmentId,
        configurationProfileId,
        configurationVersion: first.versionNumber.apply(String),
        deploymentStrategyId: strategy.id,
        ...tags,
      },
      // For the same reason: a change of either would start another deployment of the first version.
      { parent: this, ignoreChanges: ["configurationVersion", "deploymentStrategyId"] },
    );

    this.applicationId = applicationId;
    this.environmentId = environmentId;
    this.profileId = configurationProfileId;
    this.configurationArn = pulumi.interpolate`arn:aws:appconfig:${args.region}:${accountId}:application/${applicationId}/environment/${environmentId}/configuration/${configurationProfileId}`;
    this.registerOutputs({
      applicationId: this.applicationId,
      environmentId: this.environmentId,
      profileId: this.profileId,
      configurationArn: this.configurationArn,
    });
  }

  /** AppConfig reads the alarm with a role of its own. */
  #monitored(
    name: string,
    { alarmArn, region, tags }: RuntimeConfigArgs,
    accountId: pulumi.Input<string>,
  ): Pick<aws.appconfig.EnvironmentArgs, "monitors"> {
    if (alarmArn === undefined) return {};
    const role = new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, "alarm"),
      {
        description: "Lets AppConfig see the alarm that takes a deployment back.",
        assumeRolePolicy: assumedByAppConfig(accountId, region),
        ...(tags && { tags }),
      },
      { parent: this },
    );
    const mayRead = new aws.iam.RolePolicy(
      physicalName("aws:iam/rolePolicy:RolePolicy", name, "alarm"),
      { role: role.name, policy: readsAlarms },
      { parent: this },
    );
    const alarmRoleArn = pulumi.all([role.arn, mayRead.id]).apply(([arn]) => arn);
    return { monitors: [{ alarmArn, alarmRoleArn }] };
  }
}

function assumedByAppConfig(accountId: pulumi.Input<string>, region: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "appconfig.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:appconfig:${region}:${accountId}:*` },
        },
      },
    ],
  });
}

/** CloudWatch's action for alarms takes no single alarm where several are asked for at once, as AppConfig does. */
const readsAlarms = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "cloudwatch:DescribeAlarms", Resource: "*" }],
});
