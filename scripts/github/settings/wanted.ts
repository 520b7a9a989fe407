/**
 * What the repository is to be on GitHub, as data. `npm run github -- settings` compares and changes.
 * Names of fields are those of GitHub's REST API.
 */

/** The one check that a pull request needs: the last job of ci.yml, which waits for all others. */
export const requiredCheck = "ci";

/** Who approves a deployment to production, and owns what .github/CODEOWNERS names: teams and users of the owner. */
export interface Reviewer {
  readonly type: "Team" | "User";
  /** A team's slug, or a login. */
  readonly name: string;
}

export const reviewers: readonly Reviewer[] = [{ type: "Team", name: "platform" }];

/** What the jobs of every environment are told, and the tokens with which Pulumi reaches what is not AWS. */
const variables = ["AWS_REGION", "PULUMI_BACKEND_URL", "STATE_ROLE_ARN"] as const;
const tokens = [
  "CLOUDFLARE_API_TOKEN",
  "MONGODB_ATLAS_PUBLIC_KEY",
  "MONGODB_ATLAS_PRIVATE_KEY",
  "DATADOG_API_KEY",
  "DATADOG_APP_KEY",
] as const;

export interface Environment {
  readonly name: string;
  /** Names alone: docs/accounts.md says which values. */
  readonly variables: readonly string[];
  readonly secrets: readonly string[];
  /** Whether somebody must say yes to each job, who is not the one that started it. */
  readonly reviewed: boolean;
  /** The branches whose jobs may enter; undefined for any. */
  readonly branches: readonly string[] | undefined;
  readonly why: string;
}

export const environments: readonly Environment[] = [
  {
    name: "staging",
    variables: [...variables, "DEPLOY_ROLE_ARN", "IMAGE_ROLE_ARN", "IMAGE_REPOSITORY", "API_URL"],
    secrets: [...tokens, "SMOKE_TOKEN"],
    reviewed: false,
    branches: ["develop", "main"],
    why: "develop deploys; main fetches the image that staging proved",
  },
  {
    name: "production",
    variables: [...variables, "DEPLOY_ROLE_ARN", "IMAGE_ROLE_ARN", "IMAGE_REPOSITORY", "API_URL"],
    secrets: [...tokens, "SMOKE_TOKEN"],
    reviewed: true,
    branches: ["main"],
    why: "main alone, and only when somebody else says yes",
  },
  {
    name: "staging-read",
    variables: [...variables, "READ_ROLE_ARN"],
    secrets: tokens,
    reviewed: false,
    branches: ["develop", "main"],
    why: "looks for drift with a role that reads; nobody needs to approve that each night",
  },
  {
    name: "production-read",
    variables: [...variables, "READ_ROLE_ARN"],
    secrets: tokens,
    reviewed: false,
    branches: ["main"],
    why: "looks for drift, and shows before the approval what a release would change, with a role that reads",
  },
  {
    name: "preview",
    variables: [...variables, "DEPLOY_ROLE_ARN"],
    secrets: tokens,
    reviewed: false,
    branches: undefined,
    why: "pull requests of this repository, with a role that changes previews alone; forks get neither its secrets nor its role",
  },
];

/** Labels that workflows look for. */
export const labels = [
  { name: "preview", color: "0e8a16", description: "Brings the pull request up as a preview stack" },
  { name: "allow-destroy", color: "b60205", description: "What holds data may be deleted or replaced" },
  { name: "drift", color: "fbca04", description: "The cloud differs from the code" },
] as const;

export interface ProtectedBranch {
  readonly name: string;
  /** Whether a pull request must contain the branch's newest commit before it is merged. */
  readonly strict: boolean;
}

/**
 * Branches that change through pull requests alone. main never is an ancestor of develop, whose merges it is made of, so
 * it cannot ask for its newest commit; what a merge comes to is proven by its git tree instead.
 */
export const protectedBranches: readonly ProtectedBranch[] = [
  { name: "main", strict: false },
  { name: "develop", strict: true },
];

export const branchProtection = ({ strict }: ProtectedBranch) =>
  ({
    required_status_checks: { strict, checks: [{ context: requiredCheck }] },
    enforce_admins: true,
    required_pull_request_reviews: {
      required_approving_review_count: 1,
      dismiss_stale_reviews: true,
      require_code_owner_reviews: true,
      require_last_push_approval: true,
    },
    restrictions: null,
    required_linear_history: false,
    allow_force_pushes: false,
    allow_deletions: false,
    required_conversation_resolution: true,
  }) as const;

export const repository = {
  default_branch: "main",
  allow_squash_merge: true,
  allow_merge_commit: true,
  allow_rebase_merge: false,
  allow_auto_merge: true,
  delete_branch_on_merge: true,
  allow_update_branch: true,
  has_wiki: false,
} as const;

/** A job asks for what it needs, and no job approves a pull request. */
export const workflowPermissions = {
  default_workflow_permissions: "read",
  can_approve_pull_request_reviews: false,
} as const;

export const actionsPermissions = { enabled: true, allowed_actions: "selected", sha_pinning_required: true } as const;

/** Actions besides GitHub's own, which workflows name by commit. */
export const selectedActions = {
  github_owned_allowed: true,
  verified_allowed: false,
  patterns_allowed: [
    "anchore/scan-action@*",
    "aws-actions/configure-aws-credentials@*",
    "pulumi/actions@*",
    "sigstore/cosign-installer@*",
  ],
} as const;

/** `repo:OWNER/NAME:environment:ENVIRONMENT` is what the roles in AWS expect. */
export const oidcSubject = { use_default: true } as const;
