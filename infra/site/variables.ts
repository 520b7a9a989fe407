/** Words of a variable's name that promise a credential. A site's variables end in browsers, or beside what does. */
const credentialWords = ["SECRET", "PASSWORD", "PASSWD", "TOKEN", "PRIVATE", "CREDENTIAL", "CREDENTIALS", "KEY", "DSN"];

/** Words that promise something of a payment provider, be it meant for the public. */
const paymentWords = [
  ...["PAYMENT", "PAYMENTS", "CARD", "PUBLISHABLE"],
  ...["STRIPE", "PAYPAL", "ADYEN", "BRAINTREE", "KLARNA", "SQUARE"],
];

/** Values that are credentials, whatever their variable is called: Stripe's, AWS's, GitHub's, PEM, tokens. */
const credentialValue = /^[sr]k_(live|test)_|^whsec_|^AKIA[0-9A-Z]{16}$|^gh[pousr]_|-----BEGIN|^eyJ[\w-]+\.[\w-]+\./;

export type Deployment = "production" | "preview";

/**
 * What forbids the variable in a site's deployment; undefined where nothing does.
 * A publishable key may stand in the site itself. A preview deployment must not even know of a payment provider.
 */
export function variableProblem(name: string, value: string, deployment: Deployment): string | undefined {
  if (!/^[A-Z][A-Z0-9_]{0,126}$/.test(name)) return "is no name of upper-case letters, digits, and underscores";
  const words = name.split("_");
  const publishable = deployment === "production" && words.includes("PUBLISHABLE");
  const forbidden = [
    ...credentialWords.filter((word) => !(publishable && word === "KEY")),
    ...(deployment === "preview" ? paymentWords : []),
  ];
  const word = words.find((one) => forbidden.includes(one));
  if (word !== undefined) return `looks like a credential (${word}); a site's variables are public`;
  return credentialValue.test(value) ? "holds what looks like a credential; a site's variables are public" : undefined;
}
