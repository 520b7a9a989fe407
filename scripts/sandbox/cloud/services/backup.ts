import { isArn, parseArn, regionalArn } from "../arn.ts";
import { mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { matches, policyProblem, policyStatements } from "../iam-policy.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { invalid, LOCK, MOST_DAYS, planRefusal, VAULT } from "./backup-plan.ts";
import { keyMissing } from "./kms.ts";
import { findBy, here, inAccount, policiesEquivalent, reference, uuid, valueOf } from "./lookup.ts";

const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";

const vaultReference = reference(
  "backupVaultName",
  [VAULT],
  "name",
  "ResourceNotFoundException",
  (name) => `Backup vault ${name} does not exist.`,
);

const vaultArn = ({ location }: Operation, name: string): string =>
  regionalArn(location, "backup", `backup-vault:${name}`);

const vault: ResourceRules = {
  autoName: { property: "name", maxLength: 50 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) =>
        new Refusal("AlreadyExistsException", `Backup vault with the same name already exists: ${name}`),
    },
  ],
  refuseCreate(operation) {
    const key = textAt(operation.inputs, "kmsKeyArn");
    return key !== undefined && keyMissing(operation, key)
      ? invalid(`The KMS key ${key} does not exist or cannot be used.`)
      : undefined;
  },
  // The cloud holds no recovery points, so what is left of the service's rule is the lock.
  refuseDelete(operation) {
    const name = operation.existing?.id ?? "";
    return lockOf(operation, name) === undefined
      ? undefined
      : new Refusal("InvalidRequestException", `Backup vault ${name} is locked: take its lock away first.`);
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: (operation, id) => ({ arn: vaultArn(operation, id), name: id, recoveryPoints: 0 }),
};

const lockOf = (operation: Operation, vaultName: string): CloudResource | undefined =>
  findBy(here(operation, LOCK), vaultName, "backupVaultName");

function lockRefusal({ inputs }: Operation): Refusal | undefined {
  const [least, most] = [numberAt(inputs, "minRetentionDays") ?? 1, numberAt(inputs, "maxRetentionDays") ?? MOST_DAYS];
  if (least < 1 || most > MOST_DAYS) return invalid(`Retention must be between 1 and ${MOST_DAYS} days.`);
  return least > most
    ? invalid(`MinRetentionDays ${least} must be less than or equal to MaxRetentionDays ${most}.`)
    : undefined;
}

const lock: ResourceRules = {
  references: [vaultReference],
  unique: [
    {
      // The service would overwrite it, and lose both when the old one is deleted.
      property: "backupVaultName",
      within: "region",
      refuse: (name) =>
        new Refusal(
          "InvalidRequestException",
          `Backup vault ${name} has a lock already. A lock that is replaced must be deleted first: set deleteBeforeReplace.`,
        ),
    },
  ],
  refuseCreate: lockRefusal,
  // The sandbox has no clock: the days in which a compliance lock may still be changed count as over.
  refuseDelete: ({ existing, inputs }) =>
    numberAt(existing?.inputs ?? inputs, "changeableForDays") === undefined
      ? undefined
      : new Refusal(
          "InvalidRequestException",
          "The vault lock is in compliance mode and cannot be removed once changeableForDays are over.",
        ),
  id: ({ inputs }) => textAt(inputs, "backupVaultName") ?? "",
  computed: (operation, id) => ({ backupVaultArn: vaultArn(operation, id) }),
};

/** What a vault can tell. Source: the PutBackupVaultNotifications API; older events are taken no more. */
const EVENTS = [
  "BACKUP_JOB_STARTED",
  "BACKUP_JOB_COMPLETED",
  "RESTORE_JOB_STARTED",
  "RESTORE_JOB_COMPLETED",
  "COPY_JOB_STARTED",
  "COPY_JOB_SUCCESSFUL",
  "COPY_JOB_FAILED",
  "RECOVERY_POINT_MODIFIED",
  "S3_BACKUP_OBJECT_FAILED",
  "S3_RESTORE_OBJECT_FAILED",
];

const notifications: ResourceRules = {
  references: [
    vaultReference,
    reference(
      "snsTopicArn",
      ["aws:sns/topic:Topic"],
      "arn",
      "InvalidParameterValueException",
      (arn) => `The SNS topic ${arn} does not exist.`,
    ),
  ],
  refuseCreate: ({ inputs }) =>
    textsAt(inputs, "backupVaultEvents").every((event) => EVENTS.includes(event))
      ? undefined
      : invalid(`Please select from the following list of notifications ${EVENTS.join(", ")}`),
  id: ({ inputs }) => textAt(inputs, "backupVaultName") ?? "",
  computed: (operation, id) => ({ backupVaultArn: vaultArn(operation, id) }),
};

function policyRefusal({ inputs }: Operation): Refusal | undefined {
  const problem = policyProblem(textAt(inputs, "policy") ?? "", "resource");
  return problem === undefined ? undefined : invalid(`The policy is malformed: ${problem.path}: ${problem.reason}`);
}

const vaultPolicy: ResourceRules = {
  references: [vaultReference],
  refuseCreate: policyRefusal,
  refuseUpdate: policyRefusal,
  equivalent: policiesEquivalent("policy"),
  id: ({ inputs }) => textAt(inputs, "backupVaultName") ?? "",
  computed: (operation, id) => ({ backupVaultArn: vaultArn(operation, id) }),
};

const plan: ResourceRules = {
  autoName: { property: "name", maxLength: 50 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) => new Refusal("AlreadyExistsException", `Backup plan with the same name already exists: ${name}`),
    },
  ],
  refuseCreate: planRefusal,
  refuseUpdate: planRefusal,
  refuseDelete: (operation) =>
    findBy(here(operation, SELECTION), operation.existing?.id ?? "", "planId") === undefined
      ? undefined
      : new Refusal(
          "InvalidRequestException",
          "Related backup plan selections must be deleted prior to backup plan deletion.",
        ),
  id: (operation) => uuid(operation.hex("plan", 32)),
  computed: (operation, id) => ({
    arn: regionalArn(operation.location, "backup", `backup-plan:${id}`),
    version: Buffer.from(operation.hex("version", 24)).toString("base64"),
  }),
};

/** Whether AWS Backup may take the role: a trust policy for it, which is not limited to another account. */
function assumable(role: CloudResource): boolean {
  return policyStatements(valueOf(role, "assumeRolePolicy") ?? "").some(
    ({ effect, principals, actions, conditions }) =>
      effect === "Allow" &&
      (principals["Service"] ?? []).includes("backup.amazonaws.com") &&
      actions.some((pattern) => matches(pattern, "sts:AssumeRole")) &&
      Object.values(conditions)
        .flatMap((block) => block["aws:SourceAccount"] ?? [role.location.account])
        .every((account) => account === role.location.account),
  );
}

/** Services whose resources AWS Backup keeps, as their ARNs name them. Source: its page on supported services. */
const SUPPORTED = (
  "* aurora backup-gateway cloudformation dsql dynamodb ec2 eks elasticfilesystem fsx rds redshift " +
  "redshift-serverless s3 ssm-sap storagegateway timestream"
).split(" ");

function selectionRefusal(operation: Operation): Refusal | undefined {
  const arn = textAt(operation.inputs, "iamRoleArn") ?? "";
  const role = findBy(inAccount(operation, "aws:iam/role:Role"), arn, "arn");
  if (role === undefined || !assumable(role)) return invalid(`IAM Role ${arn} cannot be assumed by AWS Backup`);
  const wrong = textsAt(operation.inputs, "resources").find((one) => one !== "*" && !isArn(one));
  if (wrong !== undefined) return invalid(`Invalid ARN: ${wrong}. Specify a valid ARN.`);
  const strange = textsAt(operation.inputs, "resources").find(
    (one) => one !== "*" && !SUPPORTED.includes(parseArn(one)?.service ?? ""),
  );
  if (strange !== undefined) return invalid(`Unsupported resource type: ${strange}`);
  const tag = mapsAt(operation.inputs, "selectionTags").find((one) => textAt(one, "type") !== "STRINGEQUALS");
  return tag === undefined
    ? undefined
    : invalid(`Invalid condition type: ${textAt(tag, "type") ?? ""}. A selection by tags has STRINGEQUALS.`);
}

const selection: ResourceRules = {
  autoName: { property: "name", maxLength: 50 },
  references: [
    reference("planId", [PLAN], "id", "ResourceNotFoundException", (id) => `Cannot find Backup plan with ID ${id}`),
  ],
  refuseCreate: selectionRefusal,
  id: (operation) => uuid(operation.hex("selection", 32)),
};

export const backup: Service = {
  resources: {
    [VAULT]: vault,
    [LOCK]: lock,
    "aws:backup/vaultNotifications:VaultNotifications": notifications,
    "aws:backup/vaultPolicy:VaultPolicy": vaultPolicy,
    [PLAN]: plan,
    [SELECTION]: selection,
  },
};
