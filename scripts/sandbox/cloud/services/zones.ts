/** What a region is called, and the code of its zone ids (`use1-az1`). Source: the AWS general reference. */
interface Region {
  readonly description: string;
  readonly code: string;
  /** Off until the account opts in. */
  readonly optIn?: true;
}

export const REGIONS: Readonly<Record<string, Region>> = {
  "af-south-1": { description: "Africa (Cape Town)", code: "afs1", optIn: true },
  "ap-east-1": { description: "Asia Pacific (Hong Kong)", code: "ape1", optIn: true },
  "ap-northeast-1": { description: "Asia Pacific (Tokyo)", code: "apne1" },
  "ap-northeast-2": { description: "Asia Pacific (Seoul)", code: "apne2" },
  "ap-northeast-3": { description: "Asia Pacific (Osaka)", code: "apne3" },
  "ap-south-1": { description: "Asia Pacific (Mumbai)", code: "aps1" },
  "ap-south-2": { description: "Asia Pacific (Hyderabad)", code: "aps2", optIn: true },
  "ap-southeast-1": { description: "Asia Pacific (Singapore)", code: "apse1" },
  "ap-southeast-2": { description: "Asia Pacific (Sydney)", code: "apse2" },
  "ap-southeast-3": { description: "Asia Pacific (Jakarta)", code: "apse3", optIn: true },
  "ap-southeast-4": { description: "Asia Pacific (Melbourne)", code: "apse4", optIn: true },
  "ca-central-1": { description: "Canada (Central)", code: "cac1" },
  "ca-west-1": { description: "Canada West (Calgary)", code: "caw1", optIn: true },
  "eu-central-1": { description: "Europe (Frankfurt)", code: "euc1" },
  "eu-central-2": { description: "Europe (Zurich)", code: "euc2", optIn: true },
  "eu-north-1": { description: "Europe (Stockholm)", code: "eun1" },
  "eu-south-1": { description: "Europe (Milan)", code: "eus1", optIn: true },
  "eu-south-2": { description: "Europe (Spain)", code: "eus2", optIn: true },
  "eu-west-1": { description: "Europe (Ireland)", code: "euw1" },
  "eu-west-2": { description: "Europe (London)", code: "euw2" },
  "eu-west-3": { description: "Europe (Paris)", code: "euw3" },
  "il-central-1": { description: "Israel (Tel Aviv)", code: "ilc1", optIn: true },
  "me-central-1": { description: "Middle East (UAE)", code: "mec1", optIn: true },
  "me-south-1": { description: "Middle East (Bahrain)", code: "mes1", optIn: true },
  "sa-east-1": { description: "South America (São Paulo)", code: "sae1" },
  "us-east-1": { description: "US East (N. Virginia)", code: "use1" },
  "us-east-2": { description: "US East (Ohio)", code: "use2" },
  "us-west-1": { description: "US West (N. California)", code: "usw1" },
  "us-west-2": { description: "US West (Oregon)", code: "usw2" },
};

const ZONE_LETTERS = ["a", "b", "c"] as const;

export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** The three zones that the sandbox has in every region. */
export function zonesOf(region: string): Zone[] {
  const code = REGIONS[region]?.code ?? region.replace(/[^a-z0-9]/g, "");
  return ZONE_LETTERS.map((letter, index) => ({ name: `${region}${letter}`, id: `${code}-az${index + 1}` }));
}
