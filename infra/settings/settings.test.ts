import assert from "node:assert/strict";
import { resolveSettings, SettingsError, type Settings, type SettingsInput } from "./settings.ts";

const defaults = {
  region: "us-east-1",
  recoveryRegion: "us-west-2",
  owner: "platform",
  costCenter: "engineering",
  datadogSite: "datadoghq.com",
};
const shared = {
  atlasOrganizationId: "5b93ff2f96e82120a0a7d1f5",
  githubRepository: "example-org/groundwork",
  adminEmailDomains: "example.net,example.edu",
  alertEmail: "platform@example.net",
};
const staging = {
  ...shared,
  awsAccountId: "111122223333",
  domain: "example.org",
  vpcCidr: "10.1.0.0/16",
  cloudflareAccountId: "9a7806061c88ada191ed06f989cc3dac",
  cloudflareZoneId: "5f1c2e8a7d3b4960b2f4c81e90ad6737",
};
const production = {
  ...shared,
  awsAccountId: "444455556666",
  domain: "example.com",
  vpcCidr: "10.0.0.0/16",
  cloudflareAccountId: "01a7362d577a6c3019a474fd6f485823",
  cloudflareZoneId: "023e105f4ecef8ad9ca31a8372d0c353",
  imageDigest: `sha256:${"0123456789abcdef".repeat(4)}`,
};
const files = { defaults, staging, production };

function settingsOf(
  stack: string,
  given: Readonly<Record<string, string>>,
  over: Partial<SettingsInput["files"]> = {},
) {
  return resolveSettings({ project: "groundwork", stack, given, files: { ...files, ...over } });
}

/** The mistake's lines. */
function problemsOf(run: () => Settings): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

function omit(config: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));
}

describe("settings", () => {
  it("are the stack's config and the environment's choices", () => {
    const settings = settingsOf("production", { ...defaults, ...production });
    assert.equal(settings.environment, "production");
    assert.equal(settings.slug, undefined);
    assert.deepEqual(settings.aws, {
      accountId: "444455556666",
      region: "us-east-1",
      recoveryRegion: "us-west-2",
    });
    assert.deepEqual(settings.adminEmailDomains, ["example.net", "example.edu"]);
    assert.equal(settings.imageDigest, production.imageDigest);
    assert.equal(settings.desiredCount, undefined);
    assert.equal(settings.costAllocationTagsBilled, false);
    assert.equal(settings.network.cidr, "10.0.0.0/16");
    assert.equal(settings.network.natGateways, "OnePerAz");
  });

  it("cannot be changed", () => {
    const settings = settingsOf("staging", staging);
    assert.ok(
      Object.isFrozen(settings) && Object.isFrozen(settings.network) && Object.isFrozen(settings.adminEmailDomains),
    );
  });

  it("read what may be left out", () => {
    const settings = settingsOf("staging", { ...staging, desiredCount: "0", costAllocationTagsBilled: "true" });
    assert.equal(settings.desiredCount, 0);
    assert.equal(settings.costAllocationTagsBilled, true);
    assert.equal(settings.imageDigest, undefined);
  });

  it("name the release, and say so where nobody named one", () => {
    assert.deepEqual(settingsOf("staging", staging).release, { version: "0.0.0", commit: "unknown" });
    const release = { version: "1.4.0", commit: "0123abc" };
    assert.deepEqual(settingsOf("production", { ...production, ...release }).release, release);
  });

  it("take Pulumi.yaml's defaults where the engine gave none", () => {
    assert.equal(settingsOf("staging", staging).owner, "platform");
  });

  describe("of a preview", () => {
    it("come from staging's file", () => {
      const settings = settingsOf("preview-fix-login", defaults, { staging: { ...staging, owner: "staging-team" } });
      assert.equal(settings.environment, "preview");
      assert.equal(settings.slug, "fix-login");
      assert.equal(settings.aws.accountId, "111122223333");
      assert.equal(settings.owner, "staging-team");
    });

    it("are the same when the engine read staging's file", () => {
      const fallen = settingsOf("preview-fix-login", defaults);
      assert.deepEqual(settingsOf("preview-fix-login", { ...defaults, ...staging }), fallen);
    });

    it("take staging's release with staging's image alone", () => {
      const release = { version: "1.4.0", commit: "0123abc" };
      const image = { imageDigest: production.imageDigest };
      const unnamed = { version: "0.0.0", commit: "unknown" };
      const own = { version: "1.5.0", commit: "4567def" };
      const releaseOf = (given: Record<string, string>, inFile: Record<string, string>) =>
        settingsOf("preview-x", given, { staging: { ...staging, ...inFile } }).release;
      assert.deepEqual(releaseOf(defaults, release), unnamed);
      assert.deepEqual(releaseOf({ ...staging, ...release }, release), unnamed);
      assert.deepEqual(releaseOf({ ...defaults, ...own }, release), own);
      assert.deepEqual(releaseOf(defaults, { ...release, ...image }), release);
      assert.deepEqual(releaseOf({ imageDigest: `sha256:${"f".repeat(64)}` }, { ...release, ...image }), unnamed);
    });

    it("give way to what was set for the stack alone", () => {
      assert.equal(settingsOf("preview-x", { ...defaults, vpcCidr: "10.9.0.0/16" }).network.cidr, "10.9.0.0/16");
    });
  });

  const mistakes: readonly { what: string; stack: string; given: Record<string, string>; says: readonly RegExp[] }[] = [
    {
      what: "an unknown key",
      stack: "staging",
      given: { ...staging, domian: "example.org" },
      says: [
        /^Pulumi\.staging\.yaml: groundwork:domian is not a setting; the nearest is groundwork:domain\. .*pulumi config rm domian --stack staging$/,
      ],
    },
    {
      what: "a missing key",
      stack: "production",
      given: omit(production, "vpcCidr"),
      says: [
        /^Pulumi\.production\.yaml: groundwork:vpcCidr is missing; .*pulumi config set vpcCidr .* --stack production$/,
      ],
    },
    {
      what: "an unknown and a missing key at once",
      stack: "staging",
      given: { ...omit(staging, "domain"), domian: "example.org" },
      says: [/groundwork:domian is not/, /groundwork:domain is missing/],
    },
    {
      what: "a wrong type",
      stack: "staging",
      given: { ...staging, domain: '["example.org"]', awsAccountId: "true" },
      says: [/awsAccountId is "true"; it must be the 12 digits/, /domain is .*; it must be a domain/],
    },
    { what: "a missing account", stack: "preview-x", given: { awsAccountId: "" }, says: [/awsAccountId is ""/] },
    { what: "a public range", stack: "staging", given: { ...staging, vpcCidr: "8.8.0.0/16" }, says: [/vpcCidr/] },
    {
      what: "a range that is too small",
      stack: "staging",
      given: { ...staging, vpcCidr: "10.1.0.0/24" },
      says: [/vpcCidr/],
    },
    {
      what: "a range not from its start",
      stack: "staging",
      given: { ...staging, vpcCidr: "10.1.1.0/16" },
      says: [/vpcCidr/],
    },
    {
      what: "a region that does not exist",
      stack: "staging",
      given: { ...staging, region: "us-esat-1" },
      says: [
        /^Pulumi\.staging\.yaml: groundwork:region is "us-esat-1"; it must be a commercial AWS region; the nearest is us-east-1\. Set it: pulumi config set region us-east-1 --stack staging$/,
      ],
    },
    {
      what: "a region of another partition",
      stack: "staging",
      given: { ...staging, region: "cn-north-1" },
      says: [/region/],
    },
    { what: "an upper-case domain", stack: "staging", given: { ...staging, domain: "Example.org" }, says: [/domain/] },
    {
      what: "production's account in staging",
      stack: "staging",
      given: { ...staging, awsAccountId: production.awsAccountId },
      says: [
        /^Pulumi\.staging\.yaml: groundwork:awsAccountId 444455556666 is the same account as .* Pulumi\.production\.yaml/,
      ],
    },
    {
      what: "staging's domain in production",
      stack: "production",
      given: { ...production, domain: staging.domain },
      says: [
        /^Pulumi\.production\.yaml: groundwork:domain example\.org is the same domain as .* Pulumi\.staging\.yaml/,
      ],
    },
    {
      what: "overlapping ranges",
      stack: "staging",
      given: { ...staging, vpcCidr: "10.0.128.0/20" },
      says: [
        /^Pulumi\.staging\.yaml: groundwork:vpcCidr 10\.0\.128\.0\/20 overlaps 10\.0\.0\.0\/16 in Pulumi\.production\.yaml/,
      ],
    },
    {
      what: "staging's zone in production",
      stack: "production",
      given: { ...production, cloudflareZoneId: staging.cloudflareZoneId },
      says: [/cloudflareZoneId 5f1c2e8a7d3b4960b2f4c81e90ad6737 is the same zone as/],
    },
    {
      what: "a missing image",
      stack: "production",
      given: omit(production, "imageDigest"),
      says: [
        /^Pulumi\.production\.yaml: groundwork:imageDigest is missing; .*pulumi config set imageDigest sha256:\.\.\. --stack production$/,
      ],
    },
    {
      what: "a branch for a commit",
      stack: "staging",
      given: { ...staging, commit: "main" },
      says: [/commit is "main"; it must be the commit that the image was built from/],
    },
    {
      what: "an image's tag",
      stack: "staging",
      given: { ...staging, imageDigest: "latest" },
      says: [/imageDigest is "latest"; it must be the digest/],
    },
    {
      what: "an expiry without its hour",
      stack: "preview-x",
      given: { expiresAt: "2026-11-28" },
      says: [/expiresAt is "2026-11-28"; it must be the moment .* pulumi config set expiresAt 2026-11-28T20:00:00Z/],
    },
    {
      what: "copies in the stack's own region",
      stack: "staging",
      given: { ...staging, recoveryRegion: "us-east-1" },
      says: [/recoveryRegion us-east-1 is the stack's own region/],
    },
    {
      what: "production's account in a preview",
      stack: "preview-x",
      given: { awsAccountId: production.awsAccountId },
      says: [/the same account as/],
    },
  ];
  for (const { what, stack, given, says } of mistakes) {
    it(`refuse ${what} in ${stack}`, () => {
      const problems = problemsOf(() => settingsOf(stack, given));
      assert.equal(problems.length, says.length, problems.join("\n"));
      says.forEach((pattern, index) => assert.match(problems[index] ?? "", pattern));
      assert.ok(problems.every((problem) => !problem.includes("\n")));
    });
  }

  it("refuse a mistake in the other environment's file, since isolation cannot be checked then", () => {
    const problems = problemsOf(() => settingsOf("production", production, { staging: omit(staging, "domain") }));
    assert.match(problems.join(), /^Pulumi\.staging\.yaml: groundwork:domain is missing/);
  });

  for (const [stack, nearest] of [
    ["prod", "production"],
    ["stag", "staging"],
    ["qa", "preview-<slug>"],
    ["Staging", "staging"],
    ["productoin", "production"],
    ["preview-A", "preview-<slug>"],
  ] as const) {
    it(`refuse the stack ${stack} and name ${nearest}`, () => {
      const [problem = ""] = problemsOf(() => settingsOf(stack, staging));
      assert.ok(problem.startsWith(`Stack "${stack}" is none of this project's; the nearest is ${nearest}.`), problem);
    });
  }
});
