import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const key = (inputs: Given["inputs"]): Given => ({ type: "aws:kms/key:Key", inputs });
const secret = (inputs: Given["inputs"]): Given => ({ type: "aws:secretsmanager/secret:Secret", inputs });
const keyRequests = "kms-requests 0.01..0.1..1 ~";
const secretRequests = "secret-requests 0.01..0.1..1 ~";

describe("keys and secrets", () => {
  itCosts([
    { what: "a key costs the same all month", given: key({}), lines: ["kms-key 1", keyRequests] },
    {
      what: "a key that rotates costs more after a year, and after two, and then no more",
      given: key({ enableKeyRotation: true }),
      lines: ["kms-key 1..1..3 ~", keyRequests],
      says: /first two yearly rotations/,
    },
    {
      what: "a key may rotate where that is not known yet",
      given: key({ enableKeyRotation: UNKNOWN }),
      lines: ["kms-key 1..1..3 ~", keyRequests],
    },
    {
      what: "requests to an asymmetric key are not priced",
      given: key({ customerMasterKeySpec: "RSA_2048" }),
      lines: ["kms-key 1", "not priced: Requests to a key of kind RSA_2048"],
    },
    { what: "a secret costs the same all month", given: secret({}), lines: ["secret-month 1", secretRequests] },
    {
      what: "each copy of a secret in another region is charged as a secret",
      given: secret({ replicas: [{ region: "us-west-2" }] }),
      lines: ["secret-month 2", secretRequests],
    },
    {
      what: "a secret may have a copy where that is not known yet",
      given: secret({ replicas: UNKNOWN }),
      lines: ["secret-month 1..1..2 ~", secretRequests],
    },
    {
      what: "two secrets share the requests",
      given: secret({}),
      among: [{ ...secret({}), name: "two" }],
      lines: ["secret-month 1", "secret-requests 0.005..0.05..0.5 ~"],
    },
  ]);
});
