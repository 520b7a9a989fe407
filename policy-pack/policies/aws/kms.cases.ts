import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { OWN, PARTNER, PROVIDER, object, text } from "../../test/sent/policy.ts";

const key = (props: Sent["props"] = {}, more: Partial<Sent> = {}): Sent => ({
  type: "aws:kms/key:Key",
  props,
  provider: PROVIDER,
  ...more,
});
const replica = (props: Sent["props"]): Sent => ({ type: "aws:kms/replicaKey:ReplicaKey", props, provider: PROVIDER });
const keyPolicy = (policy: Json, more: Partial<Sent> = {}): Sent => ({
  type: "aws:kms/keyPolicy:KeyPolicy",
  props: { keyId: "k", policy },
  provider: PROVIDER,
  ...more,
});

const ACCOUNT = { Principal: { AWS: `arn:aws:iam::${OWN}:root` }, Action: "kms:*", Resource: "*" };
const rows = (
  rule: string,
  list: readonly (readonly [when: string, given: Case["given"], result: Case["result"]])[],
): readonly Case[] => list.map(([when, given, result]) => ({ rule, when, given, result }));

export const cases: readonly Case[] = [
  ...rows("kms-key-rotates", [
    ["it does", key({ enableKeyRotation: true }), "passes"],
    ["it does, as text", key({ enableKeyRotation: "true" }), "passes"],
    ["it does not", key({ enableKeyRotation: false }), [/^.*\nenableKeyRotation: it is false, and must be true/]],
    ["nothing is said", key(), [/enableKeyRotation: it is not set/]],
    ["it is unknown", key({ enableKeyRotation: UNKNOWN }), [/enableKeyRotation: its value is not known/]],
    ["the key signs", key({ customerMasterKeySpec: "RSA_2048", keyUsage: "SIGN_VERIFY" }), "passes"],
    ["the key makes codes", key({ customerMasterKeySpec: "HMAC_256", keyUsage: "GENERATE_VERIFY_MAC" }), "passes"],
    ["the key is in a store of its own", key({ customKeyStoreId: "cks-1" }), "passes"],
    [
      "the kind of key is the default by name",
      key({ customerMasterKeySpec: "SYMMETRIC_DEFAULT" }),
      [/enableKeyRotation/],
    ],
    [
      "the kind of key is unknown",
      key({ customerMasterKeySpec: UNKNOWN }),
      [/customerMasterKeySpec: its value is not known/],
    ],
    [
      "the kind of key is unknown, and it rotates",
      key({ customerMasterKeySpec: UNKNOWN, enableKeyRotation: true }),
      "passes",
    ],
  ]),
  ...rows("kms-key-rotates-yearly", [
    ["nothing is said", key(), "passes"],
    ["it is every 90 days", key({ rotationPeriodInDays: 90 }), "passes"],
    [
      "it is every few years",
      key({ rotationPeriodInDays: 2560 }),
      [/rotationPeriodInDays: the key stays the same for 2560 days/],
    ],
    ["it is text", key({ rotationPeriodInDays: "400" }), [/400 days/]],
    ["it is unknown", key({ rotationPeriodInDays: UNKNOWN }), [/not known at preview/]],
  ]),
  {
    rule: "kms-key-rotates-yearly",
    when: "half a year is asked for",
    given: key(),
    config: { days: 180 },
    result: [/365 days/],
  },
  ...rows("kms-key-policy-not-public", [
    ["the account decides", key({ policy: text(ACCOUNT) }), "passes"],
    [
      "anyone may use it",
      key({ policy: text({ ...ACCOUNT, Principal: "*" }) }),
      [/policy: statement 1 lets every principal use the key/],
    ],
    ["anyone may, of a replica", replica({ policy: text({ ...ACCOUNT, Principal: { AWS: "*" } }) }), [/policy/]],
    ["anyone may, by a policy beside", keyPolicy(text({ ...ACCOUNT, Principal: { AWS: ["*"] } })), [/policy/]],
    [
      "anyone of the account may",
      key({ policy: text({ ...ACCOUNT, Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": OWN } } }) }),
      "passes",
    ],
    [
      "anyone may through a service",
      key({
        policy: text({
          ...ACCOUNT,
          Principal: "*",
          Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
        }),
      }),
      [/policy/],
    ],
    ["a principal is unknown", key({ policy: object({ ...ACCOUNT, Principal: { AWS: UNKNOWN } }) }), "waits"],
    ["the policy is unknown", key({ policy: UNKNOWN }), "waits"],
    ["there is none", key(), "passes"],
    ["a replica has none", replica({}), "passes"],
    ["the policy beside is absent", keyPolicy(null), "passes"],
    ["the policy beside is no property", { ...keyPolicy(""), props: { keyId: "k" } }, "passes"],
  ]),
  ...rows("kms-key-administered-by-own-account", [
    ["the account does it", key({ policy: text(ACCOUNT) }), "passes"],
    ["the account is a number", key({ policy: text({ ...ACCOUNT, Principal: { AWS: OWN } }) }), "passes"],
    [
      "a partner's account may",
      key({ policy: text({ ...ACCOUNT, Principal: { AWS: `arn:aws:iam::${PARTNER}:root` } }) }),
      [/policy: statement 1 lets arn:aws:iam::464622532012:root change who/],
    ],
    [
      "a service may",
      key({ policy: text({ ...ACCOUNT, Principal: { Service: "logs.us-east-1.amazonaws.com" } }) }),
      [/lets logs/],
    ],
    [
      "a service may, by a wildcard",
      keyPolicy(text({ ...ACCOUNT, Action: "kms:Put*", Principal: { Service: "logs.us-east-1.amazonaws.com" } })),
      [/lets logs/],
    ],
    [
      "a service only decrypts",
      key({
        policy: text({
          ...ACCOUNT,
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Principal: { Service: "logs.us-east-1.amazonaws.com" },
        }),
      }),
      "passes",
    ],
    [
      "a role of the account may",
      key({ policy: text({ ...ACCOUNT, Principal: { AWS: `arn:aws:iam::${OWN}:role/admin` } }) }),
      "passes",
    ],
    ["it is everybody, which is another rule's", key({ policy: text({ ...ACCOUNT, Principal: "*" }) }), "passes"],
    ["who may is unknown", key({ policy: object({ ...ACCOUNT, Principal: { AWS: UNKNOWN } }) }), "waits"],
    [
      "a partner stands beside an unknown",
      key({ policy: object({ ...ACCOUNT, Principal: { AWS: [UNKNOWN, PARTNER] } }) }),
      [/lets 464622532012/],
    ],
    ["nothing says which account is its own", key({ policy: text(ACCOUNT) }, { provider: {} }), "passes"],
    ["there is no policy", key(), "passes"],
    ["the policy beside is no property", { ...keyPolicy(""), props: { keyId: "k" } }, "passes"],
    ["the policy is unknown", key({ policy: UNKNOWN }), "waits"],
  ]),
  ...rows("kms-key-policy-defined", [
    ["it has one", [key({ policy: text(ACCOUNT) }, { name: "k" })], "passes"],
    ["it has one that is unknown", [key({ policy: UNKNOWN }, { name: "k" })], "passes"],
    [
      "it has one beside",
      [
        key({ id: UNKNOWN }, { name: "k" }),
        keyPolicy(text(ACCOUNT), { name: "p", references: { keyId: ["k"] }, props: { keyId: UNKNOWN } }),
      ],
      "passes",
    ],
    ["it has none", [key({ id: "k" }, { name: "k" })], [/policy: it is not set/]],
    [
      "another key has one beside",
      [key({ id: "a" }, { name: "k" }), keyPolicy(text(ACCOUNT), { name: "p" })],
      [/policy: it is not set/],
    ],
  ]),
  ...rows("kms-key-enabled", [
    ["nothing is said", key(), "passes"],
    ["it is", key({ isEnabled: "true" }), "passes"],
    ["it is not", key({ isEnabled: false }), [/isEnabled: it is false/]],
    ["it is unknown", key({ isEnabled: UNKNOWN }), [/isEnabled: its value is not known/]],
    ["a replica is not", replica({ enabled: false }), [/enabled: it is false/]],
    ["a replica says nothing", replica({}), "passes"],
  ]),
  ...rows("kms-key-deletion-window", [
    ["nothing is said", key(), "passes"],
    ["it is 30 days", key({ deletionWindowInDays: 30 }), "passes"],
    ["it is a week", key({ deletionWindowInDays: 7 }), [/deletionWindowInDays: it is 7, and must be at least 30/]],
    ["it is a week, as text", key({ deletionWindowInDays: "7" }), [/deletionWindowInDays/]],
    ["it is unknown", key({ deletionWindowInDays: UNKNOWN }), [/not known at preview/]],
    ["a replica's is a week", replica({ deletionWindowInDays: 7 }), [/deletionWindowInDays/]],
    ["a replica says nothing", replica({}), "passes"],
  ]),
  {
    rule: "kms-key-deletion-window",
    when: "a week is enough",
    given: key({ deletionWindowInDays: 7 }),
    config: { days: 7 },
    result: "passes",
  },
  ...rows("kms-key-lockout-check-on", [
    ["nothing is said", key(), "passes"],
    ["it is on", key({ bypassPolicyLockoutSafetyCheck: false }), "passes"],
    ["it is bypassed", key({ bypassPolicyLockoutSafetyCheck: true }), [/bypassPolicyLockoutSafetyCheck: it is true/]],
    ["it is bypassed, as text", key({ bypassPolicyLockoutSafetyCheck: "true" }), [/bypassPolicyLockoutSafetyCheck/]],
    ["it is unknown", key({ bypassPolicyLockoutSafetyCheck: UNKNOWN }), [/not known at preview/]],
  ]),
];
