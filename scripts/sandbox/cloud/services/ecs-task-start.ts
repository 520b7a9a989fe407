import type { Properties } from "../../values/value.ts";
import { parseArn } from "../arn.ts";
import { mapAt, mapsAt, textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { clientException, containersOf } from "./ecs-lookup.ts";
import { findKey } from "./kms.ts";
import { findBy, here, valueOf } from "./lookup.ts";
import { roleAllows, roleByArn, trustsService } from "./role-permissions.ts";

/** What ECS says of a task that it could not start. */
const startFailure = (message: string): Refusal => new Refusal("ResourceInitializationError", message);

/** The two roles of a task: each must exist and let ECS tasks of this account and region take it. */
export function roleRefusal(operation: Operation, property: "executionRoleArn" | "taskRoleArn"): Refusal | undefined {
  const arn = textAt(operation.inputs, property);
  if (arn === undefined) return undefined;
  const role = roleByArn(operation, arn);
  if (role === undefined) return clientException(`Role is not valid: ${property} ${arn} does not exist`);
  return trustsService(operation, role, "ecs-tasks.amazonaws.com", "ecs")
    ? undefined
    : clientException(
        `ECS was unable to assume the role '${arn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
      );
}

/** A log group, secret, or image that the task needs and that is not there. */
export function missingRefusal(operation: Operation, containers: readonly Properties[]): Refusal | undefined {
  for (const container of containers) {
    const refusal =
      logGroupRefusal(operation, container) ??
      secretArnsOf(container)
        .map((named) => secretRefusal(operation, named))
        .find((found) => found !== undefined) ??
      imageRefusal(operation, container);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

const optionsOf = (container: Properties): Properties => mapAt(mapAt(container, "logConfiguration"), "options");

const logGroupOf = (operation: Operation, container: Properties): CloudResource | undefined => {
  const options = optionsOf(container);
  return textAt(options, "awslogs-region") === operation.location.region
    ? findBy(here(operation, "aws:cloudwatch/logGroup:LogGroup"), textAt(options, "awslogs-group") ?? "", "name")
    : undefined;
};

function logGroupRefusal(operation: Operation, container: Properties): Refusal | undefined {
  const options = optionsOf(container);
  const group = textAt(options, "awslogs-group");
  if (group === undefined || options["awslogs-create-group"] === "true") return undefined;
  return logGroupOf(operation, container) === undefined
    ? startFailure(
        `failed to validate logger args: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist: ${group} in ${textAt(options, "awslogs-region") ?? ""}`,
      )
    : undefined;
}

/** `valueFrom` may name a key of the secret's JSON, a stage, and a version after the ARN. */
const secretArnsOf = (container: Properties): string[] =>
  [...mapsAt(container, "secrets"), ...mapsAt(mapAt(container, "logConfiguration"), "secretOptions")].flatMap(
    (secret) => {
      const named = textAt(secret, "valueFrom");
      const whole = named === undefined ? null : /^(arn:[^:]+:secretsmanager:[^:]*:\d*:secret:[^:]+)/.exec(named);
      return whole?.[1] ?? [];
    },
  );

const secretOf = (operation: Operation, arn: string): CloudResource | undefined =>
  findBy(here(operation, "aws:secretsmanager/secret:Secret"), arn, "arn");

const secretRefusal = (operation: Operation, arn: string): Refusal | undefined =>
  secretOf(operation, arn) === undefined
    ? startFailure(
        `unable to pull secrets or registry auth: ResourceNotFoundException: Secrets Manager can't find the specified secret: ${arn}`,
      )
    : undefined;

/** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`, and a tag or digest. */
const REGISTRY_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/;

export const isRegistryImage = (container: Properties): boolean =>
  REGISTRY_IMAGE.test(textAt(container, "image") ?? "");

function repositoryOf(operation: Operation, container: Properties): CloudResource | undefined {
  const [, account, region, name = ""] = REGISTRY_IMAGE.exec(textAt(container, "image") ?? "") ?? [];
  const { location } = operation;
  return account === location.account && region === location.region
    ? findBy(here(operation, "aws:ecr/repository:Repository"), name, "name")
    : undefined;
}

function imageRefusal(operation: Operation, container: Properties): Refusal | undefined {
  const image = textAt(container, "image") ?? "";
  const [, account] = REGISTRY_IMAGE.exec(image) ?? [];
  // Registries of others are not for the sandbox to know.
  if (account !== operation.location.account || repositoryOf(operation, container) !== undefined) return undefined;
  return new Refusal("CannotPullContainerError", `pull image manifest has been retried 1 time(s): ${image}: not found`);
}

interface Need {
  readonly action: string;
  readonly resource: string;
}

/** What ECS does with the execution role before the container runs. */
function needsOf(operation: Operation, container: Properties): Need[] {
  const secrets = secretArnsOf(container).flatMap((arn) => {
    const key = findKey(
      operation.world,
      operation.location,
      textAt(secretOf(operation, arn)?.inputs ?? {}, "kmsKeyId") ?? "",
    );
    return [
      { action: "secretsmanager:GetSecretValue", resource: arn },
      ...(key === undefined ? [] : [{ action: "kms:Decrypt", resource: valueOf(key, "arn") ?? "" }]),
    ];
  });
  const group = logGroupOf(operation, container);
  const repository = repositoryOf(operation, container);
  return [
    ...secrets,
    ...(group === undefined
      ? []
      : ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({
          action,
          resource: `${valueOf(group, "arn") ?? ""}:log-stream:prefix/container/task`,
        }))),
    ...(repository === undefined
      ? []
      : [
          { action: "ecr:GetAuthorizationToken", resource: "*" },
          { action: "ecr:BatchGetImage", resource: valueOf(repository, "arn") ?? "" },
          { action: "ecr:GetDownloadUrlForLayer", resource: valueOf(repository, "arn") ?? "" },
        ]),
  ];
}

/** A task of this definition would end before its first container: its execution role may not do what it needs. */
export function permissionRefusal(operation: Operation, taskDefinition: CloudResource): Refusal | undefined {
  const arn = textAt(taskDefinition.inputs, "executionRoleArn");
  const role = arn === undefined ? undefined : roleByArn(operation, arn);
  if (role === undefined) return undefined;
  const denied = containersOf(taskDefinition)
    .flatMap((container) => needsOf(operation, container))
    .find(({ action, resource }) => !roleAllows(operation, role, action, resource));
  if (denied === undefined) return undefined;
  const name =
    parseArn(arn ?? "")
      ?.resource.split("/")
      .at(-1) ?? "";
  return startFailure(
    `unable to pull secrets, image, or logger: AccessDeniedException: User: assumed-role/${name} is not authorized to perform: ${denied.action} on resource: ${denied.resource} because no identity-based policy allows the ${denied.action} action`,
  );
}
