import { type Given, itCosts } from "../world.cases.ts";

const bucket = (name: string): Given => ({ type: "aws:s3/bucket:Bucket", name });
const distribution = (inputs: Given["inputs"]): Given => ({ type: "aws:cloudfront/distribution:Distribution", inputs });

describe("storage and its delivery", () => {
  itCosts([
    {
      what: "a bucket is charged for what it stores and what is asked of it",
      given: bucket("groundwork-staging-media-objects"),
      lines: [
        "s3-standard-storage 100..1000..10000 ~",
        "s3-write-requests 0.1..1..10 ~",
        "s3-read-requests 0.1..1..10 ~",
      ],
    },
    {
      what: "buckets of one purpose share what is stored, and all buckets what is asked",
      given: bucket("releases"),
      among: [
        bucket("certificates"),
        bucket("groundwork-staging-edge-logs"),
        bucket("groundwork-staging-media-objects"),
      ],
      lines: [
        "s3-standard-storage 50..500..5000 ~",
        "s3-write-requests 0.025..0.25..2.5 ~",
        "s3-read-requests 0.025..0.25..2.5 ~",
      ],
    },
    {
      what: "a distribution is charged for what it sends and what is asked of it",
      given: distribution({ enabled: true }),
      lines: ["cloudfront-data-out 100..1000..10000 ~", "cloudfront-requests 0.01..0.1..1 ~"],
    },
    {
      what: "a distribution that is switched off is a line of 0",
      given: distribution({ enabled: false }),
      lines: ["cloudfront-data-out 0", "cloudfront-requests 0"],
    },
    {
      what: "a registry is charged for its images",
      given: { type: "aws:ecr/repository:Repository" },
      lines: ["ecr-storage 100..1000..10000 ~"],
    },
  ]);
});
