import type { Finding, Rule } from "../../support/rule.ts";
import { type Need, SECRET, secretReaders } from "../../support/secrets/readers.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";
import type { Verdict } from "../../support/verdict.ts";

/** Secrets that something is given, and that its role cannot fetch. */
function unreadable(stack: Stack): readonly Finding[] {
  const { needs, identities, mayRead } = secretReaders(stack);
  const byUrn = new Map(identities.map((identity) => [identity.resource.urn, identity]));
  const verdictOf = ({ role, secret }: Need): Verdict => {
    const identity = byUrn.get(role.urn);
    return identity !== undefined && mayRead(identity, secret);
  };
  /** While it is not known which role needs it, one that can read it is enough. */
  const otherMay = ({ by, secret, waitsFor }: Need): boolean =>
    waitsFor !== undefined &&
    needs.some((other) => other.by === by && other.secret === secret && verdictOf(other) !== false);
  return needs.flatMap((need): readonly Finding[] => {
    const { by, property, secret, role, waitsFor } = need;
    const verdict = verdictOf(need);
    if (verdict === true) return [];
    const unknown = verdict === false && otherMay(need) ? waitsFor : verdict;
    if (unknown instanceof Unknown) return [{ urn: by.urn, property, unknown }];
    return [
      {
        urn: by.urn,
        property,
        wrong: `it names the secret "${secret.name}", which the role "${role.name}" cannot read`,
        fix: "allow the role secretsmanager:GetSecretValue on the secret's ARN, and name it in the secret's own policy where that denies others",
      },
    ];
  });
}

/** Secrets that somebody may read who needs them for nothing. */
function overread(stack: Stack): readonly Finding[] {
  const { needs, identities, mayRead, outsiders } = secretReaders(stack);
  const needed = new Set(needs.map(({ secret, role }) => `${secret.urn} ${role.urn}`));
  return stack.ofType([SECRET]).flatMap((secret): readonly Finding[] => {
    const verdicts = identities
      .filter(({ resource }) => !needed.has(`${secret.urn} ${resource.urn}`))
      .map((identity) => ({ name: identity.resource.name, verdict: mayRead(identity, secret) }));
    const property = "policy";
    const waiting = verdicts.map(({ verdict }) => verdict).find((verdict) => verdict instanceof Unknown);
    return [
      ...verdicts
        .filter(({ verdict }) => verdict === true)
        .map(({ name }) => ({
          urn: secret.urn,
          property,
          wrong: `"${name}" may read it, and nothing that runs as "${name}" is given it`,
          fix: "take secretsmanager:GetSecretValue on this secret away from it, and deny all but the readers in an aws.secretsmanager.SecretPolicy",
        })),
      ...outsiders(secret).map((arn) => ({
        urn: secret.urn,
        property,
        wrong: `"${arn}" may read it, and is nothing of this stack`,
        fix: "take it out of the secret's policy",
      })),
      ...(waiting instanceof Unknown ? [{ urn: secret.urn, property, unknown: waiting }] : []),
    ];
  });
}

export const rules: readonly Rule[] = [
  {
    name: "secrets-access-granted",
    description: "Every secret that a task or a function is given can be read by the role that fetches it.",
    why: "Otherwise no new task starts, which is noticed in the middle of a deployment or of an outage.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: unreadable,
  },
  {
    name: "secrets-access-exclusive",
    description: "Nobody can read a secret but the role of what is given it.",
    why: "Each further reader is one more program through which the secret gets out.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: overread,
  },
];
