import type { Properties } from "../../values/value.ts";
import { globalArn, isArn, parseArn } from "../arn.ts";
import { flagAt, listAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type PolicyKind, policyProblem, policySize } from "../iam-policy.ts";
import { getPolicyDocument } from "../policy-document.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Invoke,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
  type Unique,
} from "../service.ts";
import {
  findBy,
  inAccount,
  LETTERS_AND_DIGITS,
  letters,
  policiesEquivalent,
  prefixedName,
  UPPER_AND_DIGITS,
  valueOf,
} from "./lookup.ts";
import { isNoPolicyOfAws } from "./aws-managed-policies.ts";
import { federatedRefusal } from "./iam-trust.ts";
import { principalRefusal } from "./principals.ts";

const ROLE = "aws:iam/role:Role";
const USER = "aws:iam/user:User";
const GROUP = "aws:iam/group:Group";
const POLICY = "aws:iam/policy:Policy";
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";

/** What may hold policies: its type, the property that names it, its own words, its inline quota in characters. */
interface Owner {
  readonly type: string;
  readonly property: "role" | "user" | "group";
  readonly word: string;
  readonly inlineQuota: number;
  readonly inline: string;
  readonly attachment: string;
}

const OWNERS: readonly Owner[] = [
  {
    type: ROLE,
    property: "role",
    word: "role",
    inlineQuota: 10_240,
    inline: "aws:iam/rolePolicy:RolePolicy",
    attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  },
  {
    type: USER,
    property: "user",
    word: "user",
    inlineQuota: 2_048,
    inline: "aws:iam/userPolicy:UserPolicy",
    attachment: "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  },
  {
    type: GROUP,
    property: "group",
    word: "group",
    inlineQuota: 5_120,
    inline: "aws:iam/groupPolicy:GroupPolicy",
    attachment: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  },
];

/** Default quotas in characters without white space. Source: the IAM user guide. */
const MANAGED_QUOTA = 6_144;
const TRUST_QUOTA = 2_048;
const ATTACHED_QUOTA = 10;

const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** IAM compares names without regard to case, and `path` is no part of them. */
const nameTaken = (word: string): Unique => ({
  property: "name",
  within: "account",
  refuse: (name) => new Refusal("EntityAlreadyExists", `${titled(word)} with name ${name} already exists.`),
});

function caseRefusal(operation: Operation, word: string): Refusal | undefined {
  const name = textAt(operation.inputs, "name")?.toLowerCase();
  const other = inAccount(operation, operation.type).find((one) => valueOf(one, "name")?.toLowerCase() === name);
  return name === undefined || other === undefined
    ? undefined
    : new Refusal(
        "EntityAlreadyExists",
        `${titled(word)} with name ${valueOf(other, "name") ?? name} already exists (names do not differ by case).`,
      );
}

function documentRefusal(text: string | undefined, kind: PolicyKind): Refusal | undefined {
  const problem = text === undefined ? undefined : policyProblem(text, kind);
  if (problem === undefined) return undefined;
  const at = problem.path === "" ? "" : ` (${problem.path})`;
  return new Refusal("MalformedPolicyDocument", `${problem.reason}${at}`);
}

const quotaRefusal = (text: string, quota: number, name: string): Refusal | undefined =>
  policySize(text) > quota
    ? new Refusal("LimitExceeded", `Cannot exceed quota for ${name}: ${quota} (the document has ${policySize(text)})`)
    : undefined;

/** A path of an entity: slashes at both ends. */
function pathFailures(inputs: Properties): CheckFailure[] {
  const path = textAt(inputs, "path");
  return path === undefined || /^(\/|\/[\u0021-\u007e]+\/)$/.test(path)
    ? []
    : [{ property: "path", reason: `ValidationError: "${path}" must begin and end with a slash` }];
}

const pathOf = (inputs: Properties): string => textAt(inputs, "path") ?? "/";

/** IAM's unique ids: a prefix that tells the kind, then 17 letters and digits. */
const uniqueId = (operation: Operation, prefix: string): string =>
  prefix + letters(operation.hex("unique-id", 34), UPPER_AND_DIGITS);

const named = (operation: Operation): string =>
  textAt(operation.inputs, "name") ?? prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "");

/** A fixed moment: the sandbox has no clock that two runs could share. */
const CREATED = "2025-01-01T00:00:00Z";

function boundaryRefusal(operation: Operation): Refusal | undefined {
  const arn = textAt(operation.inputs, "permissionsBoundary");
  return arn === undefined || policyExists(operation, arn)
    ? undefined
    : new Refusal("NoSuchEntity", `Scope ARN: ${arn} does not exist or is not attachable.`);
}

/** Policies of AWS itself are there, unless the name is a slip: not all of them are known here. */
function policyExists(operation: Operation, text: string): boolean {
  const arn = parseArn(text);
  if (arn?.service !== "iam" || !arn.resource.startsWith("policy/")) return false;
  if (arn.account === "aws") return !isNoPolicyOfAws(arn.resource.replace(/^policy\//, ""));
  return findBy(inAccount(operation, POLICY), text, "arn") !== undefined;
}

/** IAM takes Latin letters in a role's description: no dash but the hyphen, and no typographic quotes. */
function descriptionFailures(inputs: Properties): CheckFailure[] {
  const description = textAt(inputs, "description");
  return description === undefined || /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]*$/.test(description)
    ? []
    : [
        {
          property: "description",
          reason:
            "ValidationError: Value at 'description' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
        },
      ];
}

function trustRefusal(operation: Operation): Refusal | undefined {
  const text = textAt(operation.inputs, "assumeRolePolicy");
  if (text === undefined) return undefined;
  return (
    documentRefusal(text, "trust") ??
    quotaRefusal(text, TRUST_QUOTA, "ACLSizePerRole") ??
    principalRefusal(operation, text, "MalformedPolicyDocument") ??
    federatedRefusal(operation, text)
  );
}

function roleRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const refusal = trustRefusal(operation) ?? boundaryRefusal(operation);
  if (refusal !== undefined) return refusal;
  for (const policy of mapsAt(inputs, "inlinePolicies")) {
    const problem = documentRefusal(textAt(policy, "policy"), "identity");
    if (problem !== undefined) return problem;
  }
  for (const arn of textsAt(inputs, "managedPolicyArns"))
    if (!policyExists(operation, arn))
      return new Refusal("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
  return undefined;
}

const holds = (operation: Operation, type: string, property: string, name: string): CloudResource[] =>
  inAccount(operation, type).filter(({ inputs }) => textAt(inputs, property) === name);

/** IAM refuses to delete what still has policies; `forced` says that the provider takes them away first. */
function policiesRefusal(operation: Operation, owner: Owner, forced: boolean): Refusal | undefined {
  const name = operation.existing?.id ?? "";
  if (forced) return undefined;
  if (holds(operation, owner.attachment, owner.property, name).length > 0)
    return new Refusal("DeleteConflict", "Cannot delete entity, must detach all policies first.");
  if (holds(operation, owner.inline, owner.property, name).length > 0)
    return new Refusal("DeleteConflict", "Cannot delete entity, must delete policies first.");
  return undefined;
}

const [ROLES, USERS, GROUPS] = OWNERS as readonly [Owner, Owner, Owner];

const role: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  unique: [nameTaken("Role")],
  check: (inputs) => [...pathFailures(inputs), ...descriptionFailures(inputs)],
  refuseCreate: (operation) => caseRefusal(operation, "Role") ?? roleRefusal(operation),
  refuseUpdate: roleRefusal,
  refuseDelete: (operation) =>
    policiesRefusal(
      operation,
      ROLES,
      flagAt(operation.existing?.inputs ?? operation.inputs, "forceDetachPolicies") === true,
    ),
  equivalent: policiesEquivalent("assumeRolePolicy", "inlinePolicies[].policy"),
  id: named,
  computed(operation, id) {
    const { inputs, location } = operation;
    return {
      arn: globalArn(location, "iam", `role${pathOf(inputs)}${id}`),
      createDate: CREATED,
      inlinePolicies: listAt(inputs, "inlinePolicies"),
      managedPolicyArns: listAt(inputs, "managedPolicyArns"),
      name: id,
      namePrefix: textAt(inputs, "namePrefix") ?? "",
      uniqueId: uniqueId(operation, "AROA"),
    };
  },
};

const user: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  unique: [nameTaken("User")],
  check: (inputs) => [...nameFailures(inputs, 64), ...pathFailures(inputs)],
  refuseCreate: (operation) => caseRefusal(operation, "User") ?? boundaryRefusal(operation),
  refuseUpdate: boundaryRefusal,
  refuseDelete: (operation) => {
    const forced = flagAt(operation.existing?.inputs ?? operation.inputs, "forceDestroy") === true;
    const keys = holds(operation, "aws:iam/accessKey:AccessKey", "user", operation.existing?.id ?? "");
    return keys.length > 0 && !forced
      ? new Refusal("DeleteConflict", "Cannot delete entity, must delete access keys first.")
      : policiesRefusal(operation, USERS, false);
  },
  id: named,
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "iam", `user${pathOf(operation.inputs)}${id}`),
    name: id,
    uniqueId: uniqueId(operation, "AIDA"),
  }),
};

const group: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  unique: [nameTaken("Group")],
  check: (inputs) => [...nameFailures(inputs, 128), ...pathFailures(inputs)],
  refuseCreate: (operation) => caseRefusal(operation, "Group"),
  refuseDelete: (operation) => policiesRefusal(operation, GROUPS, false),
  id: named,
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "iam", `group${pathOf(operation.inputs)}${id}`),
    name: id,
    uniqueId: uniqueId(operation, "AGPA"),
  }),
};

function nameFailures(inputs: Properties, max: number): CheckFailure[] {
  const name = textAt(inputs, "name");
  return name === undefined || (/^[\w+=,.@-]+$/.test(name) && name.length <= max)
    ? []
    : [
        {
          property: "name",
          reason: `ValidationError: "${name}" must be 1 to ${max} letters, digits, or any of _+=,.@-`,
        },
      ];
}

function managedRefusal({ inputs }: Operation): Refusal | undefined {
  const text = textAt(inputs, "policy");
  return text === undefined
    ? undefined
    : (documentRefusal(text, "identity") ?? quotaRefusal(text, MANAGED_QUOTA, "PolicySize"));
}

const attachmentsOf = (operation: Operation, arn: string): CloudResource[] =>
  OWNERS.flatMap(({ attachment }) => holds(operation, attachment, "policyArn", arn));

const policy: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  check: pathFailures,
  refuseCreate(operation) {
    const name = textAt(operation.inputs, "name");
    const other = inAccount(operation, POLICY).find((one) => valueOf(one, "name") === name);
    return other !== undefined && name !== undefined
      ? new Refusal("EntityAlreadyExists", `A policy called ${name} already exists. Duplicate names are not allowed.`)
      : managedRefusal(operation);
  },
  refuseUpdate: managedRefusal,
  refuseDelete: (operation) =>
    attachmentsOf(operation, operation.existing?.id ?? "").length > 0 ||
    inAccount(operation, ROLE, USER).some(
      ({ inputs }) => textAt(inputs, "permissionsBoundary") === operation.existing?.id,
    )
      ? new Refusal("DeleteConflict", "Cannot delete a policy attached to entities.")
      : undefined,
  equivalent: policiesEquivalent("policy"),
  id: (operation) => globalArn(operation.location, "iam", `policy${pathOf(operation.inputs)}${named(operation)}`),
  computed: (operation, id) => ({
    arn: id,
    attachmentCount: attachmentsOf(operation, id).length,
    name: named(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
    policyId: uniqueId(operation, "ANPA"),
  }),
};

/** The role, user, or group that the operation's resource names, or IAM's answer where there is none. */
function ownerRefusal(operation: Operation, owner: Owner): Refusal | undefined {
  const name = textAt(operation.inputs, owner.property) ?? "";
  return findBy(inAccount(operation, owner.type), name, "name") === undefined
    ? new Refusal("NoSuchEntity", `The ${owner.word} with name ${name} cannot be found.`)
    : undefined;
}

function inlineRefusal(operation: Operation, owner: Owner): Refusal | undefined {
  const { inputs } = operation;
  const text = textAt(inputs, "policy") ?? "";
  const missing = ownerRefusal(operation, owner) ?? documentRefusal(text, "identity");
  if (missing !== undefined) return missing;
  const name = textAt(inputs, owner.property) ?? "";
  const size = [
    text,
    ...holds(operation, owner.inline, owner.property, name).map((one) => valueOf(one, "policy") ?? ""),
  ]
    .map(policySize)
    .reduce((sum, one) => sum + one, 0);
  return size > owner.inlineQuota
    ? new Refusal(
        "LimitExceeded",
        `Maximum policy size of ${owner.inlineQuota} bytes exceeded for ${owner.word} ${name}`,
      )
    : undefined;
}

const inlinePolicy = (owner: Owner): ResourceRules => ({
  autoName: { property: "name", maxLength: 128 },
  check: (inputs) =>
    isArn(textAt(inputs, owner.property) ?? "")
      ? [{ property: owner.property, reason: `must be the ${owner.word}'s name, not its ARN` }]
      : [],
  refuseCreate: (operation) => inlineRefusal(operation, owner),
  refuseUpdate: (operation) => inlineRefusal(operation, owner),
  equivalent: policiesEquivalent("policy"),
  id: (operation) => `${textAt(operation.inputs, owner.property) ?? ""}:${named(operation)}`,
  computed: (operation) => ({
    name: named(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
  }),
});

const attachment = (owner: Owner): ResourceRules => ({
  refuseCreate(operation) {
    const { inputs } = operation;
    const arn = textAt(inputs, "policyArn") ?? "";
    const missing = ownerRefusal(operation, owner);
    if (missing !== undefined) return missing;
    if (!isArn(arn)) return new Refusal("InvalidInput", `ARN ${arn} is not valid.`);
    if (!policyExists(operation, arn))
      return new Refusal("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
    const name = textAt(inputs, owner.property) ?? "";
    return holds(operation, owner.attachment, owner.property, name).length >= ATTACHED_QUOTA
      ? new Refusal("LimitExceeded", `Cannot exceed quota for PoliciesPer${titled(owner.word)}: ${ATTACHED_QUOTA}`)
      : undefined;
  },
  id: (operation) => `${textAt(operation.inputs, owner.property) ?? ""}/${textAt(operation.inputs, "policyArn") ?? ""}`,
});

const issuer = (inputs: Properties): string => (textAt(inputs, "url") ?? "").replace(/^https:\/\//, "");

const openIdConnectProvider: ResourceRules = {
  check(inputs) {
    const url = textAt(inputs, "url");
    return url === undefined || /^https:\/\/[^?#\s]+$/.test(url)
      ? []
      : [{ property: "url", reason: `ValidationError: "${url}" must be an https address without query parameters` }];
  },
  refuseCreate: (operation) =>
    inAccount(operation, PROVIDER).some((one) => issuer(one.inputs) === issuer(operation.inputs))
      ? new Refusal("EntityAlreadyExists", `Provider with url ${textAt(operation.inputs, "url") ?? ""} already exists.`)
      : undefined,
  id: ({ inputs, location }) => globalArn(location, "iam", `oidc-provider/${issuer(inputs)}`),
  computed: (operation, id) => ({
    arn: id,
    thumbprintLists:
      listAt(operation.inputs, "thumbprintLists").length > 0
        ? listAt(operation.inputs, "thumbprintLists")
        : [operation.hex("thumbprint", 40)],
    url: issuer(operation.inputs),
  }),
  // The provider keeps the address without its scheme.
  equivalent: (property, old, now) =>
    property === "url" &&
    typeof old === "string" &&
    typeof now === "string" &&
    old.replace(/^https:\/\//, "") === now.replace(/^https:\/\//, ""),
};

const instanceProfile: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  unique: [nameTaken("Instance Profile")],
  check: pathFailures,
  refuseCreate: (operation) =>
    textAt(operation.inputs, "role") === undefined ? undefined : ownerRefusal(operation, ROLES),
  refuseUpdate: (operation) =>
    textAt(operation.inputs, "role") === undefined ? undefined : ownerRefusal(operation, ROLES),
  id: named,
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "iam", `instance-profile${pathOf(operation.inputs)}${id}`),
    createDate: CREATED,
    name: id,
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
    uniqueId: uniqueId(operation, "AIPA"),
  }),
};

const accessKey: ResourceRules = {
  refuseCreate(operation) {
    const missing = ownerRefusal(operation, USERS);
    if (missing !== undefined) return missing;
    const name = textAt(operation.inputs, "user") ?? "";
    return holds(operation, "aws:iam/accessKey:AccessKey", "user", name).length >= 2
      ? new Refusal("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
      : undefined;
  },
  id: (operation) => `AKIA${letters(operation.hex("id", 32), UPPER_AND_DIGITS)}`,
  computed: (operation) => ({
    createDate: CREATED,
    encryptedSecret: "",
    encryptedSesSmtpPasswordV4: "",
    keyFingerprint: "",
    secret: letters(operation.hex("secret", 80), LETTERS_AND_DIGITS),
    sesSmtpPasswordV4: letters(operation.hex("smtp", 88), LETTERS_AND_DIGITS),
  }),
};

const serviceLinkedRole: ResourceRules = {
  id: ({ inputs, location }) =>
    globalArn(
      location,
      "iam",
      `role/aws-service-role/${textAt(inputs, "awsServiceName") ?? ""}/${serviceRoleName(inputs)}`,
    ),
  refuseCreate: (operation) =>
    inAccount(operation, operation.type).some(
      (one) => serviceRoleName(one.inputs) === serviceRoleName(operation.inputs),
    )
      ? new Refusal(
          "InvalidInput",
          `Service role name ${serviceRoleName(operation.inputs)} has been taken in this account, please try a different suffix.`,
        )
      : undefined,
  computed: (operation, id) => ({
    arn: id,
    createDate: CREATED,
    name: serviceRoleName(operation.inputs),
    path: `/aws-service-role/${textAt(operation.inputs, "awsServiceName") ?? ""}/`,
    uniqueId: uniqueId(operation, "AROA"),
  }),
};

/** `ecs.amazonaws.com` gives AWSServiceRoleForEcs; AWS's own capitals differ for some services. */
function serviceRoleName(inputs: Properties): string {
  const service = (textAt(inputs, "awsServiceName") ?? "").split(".")[0] ?? "";
  const suffix = textAt(inputs, "customSuffix");
  return `AWSServiceRoleFor${titled(service)}${suffix === undefined ? "" : `_${suffix}`}`;
}

const getPolicy: Invoke = (args, { location, world }) => {
  const [arn, name] = [textAt(args, "arn"), textAt(args, "name")];
  const own = world
    .all(POLICY)
    .find(
      (one) =>
        one.location.account === location.account &&
        (one.id === arn || (arn === undefined && valueOf(one, "name") === name)),
    );
  const managed = arn !== undefined && parseArn(arn)?.account === "aws";
  if (own === undefined && !managed)
    throw new Refusal("NoSuchEntity", `no IAM policy matches ${arn ?? name ?? "the given values"}`);
  const found = own?.outputs ?? {};
  const resource = parseArn(own?.id ?? arn ?? "")?.resource ?? "";
  return {
    ...args,
    arn: own?.id ?? arn ?? "",
    attachmentCount: numberAt(found, "attachmentCount") ?? 0,
    description: textAt(found, "description") ?? "",
    id: own?.id ?? arn ?? "",
    name: resource.split("/").at(-1) ?? "",
    path: resource.replace(/^policy/, "").replace(/[^/]+$/, ""),
    policy: textAt(found, "policy") ?? "",
    policyId: textAt(found, "policyId") ?? "ANPAMANAGEDBYAWSITSELF",
    tags: {},
  };
};

const getRole: Invoke = (args, { location, world }) => {
  const name = textAt(args, "name") ?? "";
  const found = world.all(ROLE).find((one) => one.location.account === location.account && one.id === name);
  if (found === undefined) throw new Refusal("NoSuchEntity", `The role with name ${name} cannot be found.`);
  return { permissionsBoundary: "", roleLastUseds: [], tags: {}, ...found.outputs, id: name };
};

export const iam: Service = {
  resources: {
    [ROLE]: role,
    [USER]: user,
    [GROUP]: group,
    [POLICY]: policy,
    [PROVIDER]: openIdConnectProvider,
    [PROFILE]: instanceProfile,
    ...Object.fromEntries(OWNERS.map((owner) => [owner.inline, inlinePolicy(owner)])),
    ...Object.fromEntries(OWNERS.map((owner) => [owner.attachment, attachment(owner)])),
    "aws:iam/accessKey:AccessKey": accessKey,
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": serviceLinkedRole,
  },
  invokes: {
    "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
    "aws:iam/getPolicy:getPolicy": getPolicy,
    "aws:iam/getRole:getRole": getRole,
  },
};
