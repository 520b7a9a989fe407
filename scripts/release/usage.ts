const common = `  --sandbox            stacks in the sandbox, each environment's API on this
                       machine: no account, no token
  --allow-destroy URN  what holds data and may be lost, as often as needed
  --wait SECONDS       how long another deploy is waited for (default: 600; 0
                       refuses at once)
  --state-dir DIR      the sandbox's folder (default: .sandbox)
  --yes                asks nothing
  --json               what came of it, for machines

Real accounts need the Pulumi CLI, AWS credentials of the environment, and
SMOKE_TOKEN as \`npm run smoke -- --help\` says.`;

export const RELEASE_USAGE = `npm run release: brings the commit that is checked out to an environment, with its image

  npm run release -- --env staging --image sha256:DIGEST
  npm run release -- --env production --image sha256:DIGEST --proof proof.json
  npm run --silent release -- proof --env staging > proof.json

Preview, migrations, up, smoke, record. A smoke that fails is rolled back to the
last known good. Production takes the git tree and the digest that staging has
proven, and no others.

  --env NAME           staging or production
  --image DIGEST       the image, by its digest
  --version VERSION    what it is called (default: package.json's, with the
                       commit)
  --proof FILE         staging's record of the release, as \`proof\` prints it:
                       production's credentials cannot read staging's bucket
${common}

Exit codes: 0 done, 1 failed (the last good release runs again, or it says why
not), 2 wrong usage.`;

export const ROLLBACK_USAGE = `npm run rollback: brings the last known good release of an environment back

  npm run rollback -- --env production
  npm run rollback -- --env staging --to 1.4.0

The newest good release that is not what runs and that nobody has rolled back:
an up of its commit, in a git worktree, with its image. Says what it changes,
and asks. A migration that cannot be undone stops it.

  --env NAME           staging or production
  --to VERSION         this good release, whoever has rolled it back
${common}

Exit codes: 0 done, 1 failed or stopped, 2 wrong usage.`;
