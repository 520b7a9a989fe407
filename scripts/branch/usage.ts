import type { BranchCommand } from "./options.ts";

const ABOUT: Readonly<Record<BranchCommand, string>> = {
  preview: `npm run preview: what \`npm run up\` would do to a branch's stack

  npm run preview                         the stack of the current branch
  npm run preview -- --branch fix-login   another branch's
  npm run preview -- --stack production
  npm run preview -- --sandbox            with no account`,
  up: `npm run up: brings a branch's stack up

  npm run up                              the current branch's: main is
                                          production, develop is staging, any
                                          other is a preview of its own
  npm run up -- --stack staging --yes
  npm run up -- --sandbox                 with no account`,
  down: `npm run down: takes a branch's stack down; a preview with its database

  npm run down                            the preview of the current branch
  npm run down -- --branch fix-login --yes
  npm run down -- --stack staging         an environment goes by its name alone
  npm run down -- --sandbox               with no account`,
};

const CONFIG = `
  --config KEY=VALUE  over the stack's own config (imageDigest=sha256:...);
                      repeatable`;
const YES = `
  --yes               do not ask; needed where there is no terminal`;

const OWN: Readonly<Record<BranchCommand, string>> = {
  preview: CONFIG,
  up: CONFIG + YES,
  down: `${YES}
  --keep-database     leaves a preview's database, where it cannot be dropped`,
};

export const usageOf = (command: BranchCommand): string => `${ABOUT[command]}

  --branch NAME       whose stack (default: the current branch's)
  --stack NAME        the same by its own name
  --sandbox           with the engine and the cloud of scripts/sandbox
  --state-dir DIR     where the sandbox keeps its stacks (default: .sandbox)
  --allow-destroy URN something with data may go or be replaced; repeatable${OWN[command]}
  --json              one JSON document on standard output

Without --sandbox the Pulumi CLI does it, with your accounts.
Exit codes: 0 done, 1 failed or stopped, 2 wrong usage.`;
