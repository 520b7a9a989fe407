import assert from "node:assert/strict";
import fc from "fast-check";
import { isSecretName, masked, maskOf, maskText } from "./mask.ts";
import { safeError } from "./safe-error.ts";
import { safeValue } from "./safe-value.ts";

describe("what is masked in texts", () => {
  const rows: readonly (readonly [what: string, text: string, expected: string])[] = [
    [
      "a URL's credentials",
      "cannot reach mongodb://api:hunter22@db.example.com:27017/x",
      "cannot reach mongodb://***@db.example.com:27017/x",
    ],
    ["a user without a password", "rediss://token@cache:6379", "rediss://***@cache:6379"],
    ["a password with an @ in it", "redis://u:p@ss@cache failed", "redis://***@cache failed"],
    [
      "a query",
      "GET https://s3.example.com/a?X-Amz-Signature=abc&b=c failed",
      "GET https://s3.example.com/a?*** failed",
    ],
    ["an authorization header", "authorization: Bearer abc.def-ghi", "authorization: *** ***"],
    ["a scheme with its token", "sent Basic dXNlcjpwYXNz, refused", "sent Basic ***, refused"],
    ["a JSON Web Token", "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.abc-_def here", "got *** here"],
    ["an access key's id", "key AKIAABCDEFGHIJKLMNOP used", "key *** used"],
    ["a value after its name", "dbPassword=hunter22 and user=bob", "dbPassword=*** and user=bob"],
    ["a key of JSON", '{"kty":"oct","k":"c2VjcmV0LWtleQ","kid":"a"}', '{"kty":"oct","k":***,"kid":"a"}'],
    ["a header of AWS", "x-amz-security-token: IQoJb3Jp", "x-amz-security-token: ***"],
    ["the value of a duplicate key", 'E11000 index: u dup key: { userId: "u-1" }', "E11000 index: u dup key: { *** }"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- end", "*** end"],
    ["a private key that was cut", "-----BEGIN PRIVATE KEY-----\nabc", "***"],
  ];
  for (const [what, text, expected] of rows)
    it(what, () => {
      assert.equal(maskText(text), expected);
    });

  const harmless = [
    "connect ECONNREFUSED 127.0.0.1:27017",
    "read https://example.com/a/b and mail us",
    "WRONGPASS invalid username-password pair",
    "the ticket 0123456789abcdef0123456789abcdef",
  ];
  for (const text of harmless)
    it(`not: ${text}`, () => {
      assert.equal(maskText(text), text);
    });

  it("takes long texts in a time that grows with their length, and cuts no secret in two", () => {
    const start = performance.now();
    for (const long of ["a", "password", "mongodb://", "eyJ", "-----BEGIN ", " k", "bearer "].map((part) =>
      part.repeat(100_000),
    ))
      maskText(long);
    assert.ok(performance.now() - start < 10_000);
    assert.ok(!maskText(`${"x ".repeat(8_180)}mongodb://user:hunter22hunter22@db`).includes("hunter"));
  });

  it("masks what the process knows to be secret, wherever it stands, encoded too", () => {
    const mask = maskOf(["s3cret/value+1", "short"]);
    assert.equal(mask("a s3cret/value+1, b s3cret%2Fvalue%2B1"), `a ${masked}, b ${masked}`);
    assert.equal(mask("short"), "short");
  });

  it("knows the names of secrets", () => {
    for (const name of [
      "password",
      "dbPassword",
      "AWS_SECRET_ACCESS_KEY",
      "apiKey",
      "k",
      "Authorization",
      "set-cookie",
      "accessToken",
      "SENTRY_DSN",
    ])
      assert.ok(isSecretName(name), name);
    for (const name of ["requestId", "route", "status", "kid", "key", "operation"])
      assert.ok(!isSecretName(name), name);
  });
});

/** What a generated password is made of: 8 or more characters that no other part of a line holds. */
const secret = fc.stringMatching(/^[A-Za-z0-9!$%^*()_+~.-]{6,24}$/).map((text) => `Zq${text}`);
const word = fc.stringMatching(/^[a-z]{1,8}$/);
const words = fc.array(word, { maxLength: 6 }).map((list) => list.join(" "));

/** Texts as drivers, clients, and people write them, each with the secret in it. */
const planted = secret.chain((value) =>
  fc
    .tuple(words, words, word, fc.constantFrom("mongodb", "mongodb+srv", "redis", "rediss", "https", "amqp"))
    .chain(([before, after, name, scheme]) =>
      fc
        .constantFrom(
          `${scheme}://${name}:${value}@${name}.example.com/db`,
          `${scheme}://:${value}@${name}:6379`,
          `${scheme}://${value}@${name}`,
          `${scheme}://${name}.example.com/x?sig=${value}&a=b`,
          `"${scheme}://${name}:${value}@${name}"`,
          `password=${value}`,
          `"password": "${value}"`,
          `{"k":"${value}"}`,
          `{\\"token\\":\\"${value}\\"}`,
          `clientSecret: '${value}'`,
          `Authorization: Bearer ${value}`,
          `Bearer ${value}`,
          `${name}_API_KEY=${value}`,
          `cookie: ${value}`,
        )
        .map((text) => ({ value, text: `${before} ${text} ${after}` })),
    ),
);

describe("planted secrets", () => {
  it("never come out of a text", () => {
    fc.assert(
      fc.property(planted, ({ value, text }) => {
        assert.ok(!maskText(text).includes(value), `${text} became ${maskText(text)}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never come out of an error, its cause, its stack, or its fields", () => {
    fc.assert(
      fc.property(planted, fc.integer({ min: 0, max: 4 }), ({ value, text }, depth) => {
        let error = Object.assign(new Error(text), { uri: text, password: value, config: { headers: { a: value } } });
        for (let i = 0; i < depth; i++) error = Object.assign(new Error(`${i} ${text}`, { cause: error }), error);
        assert.ok(!JSON.stringify(safeError(error)).includes(value));
      }),
      { numRuns: 500 },
    );
  });

  it("never come out of nested fields, as text or under a secret's name", () => {
    const nested = planted.chain(({ value, text }) =>
      fc
        .letrec((tie) => ({
          leaf: fc.oneof(
            fc.constant<unknown>(text),
            fc.constant(new Error(text)),
            fc.constantFrom("password", "accessToken", "k", "Cookie", "db_secret").map((name) => ({ [name]: value })),
            fc.constant(new Map([["password", value]])),
            fc.constant(Buffer.from(value)),
          ),
          node: fc.oneof(
            { maxDepth: 5 },
            tie("leaf"),
            fc.array(tie("node"), { maxLength: 3 }),
            fc.dictionary(word, tie("node"), { maxKeys: 3 }),
            fc.array(tie("node"), { maxLength: 2 }).map((list) => new Set(list)),
          ),
        }))
        .node.map((fields) => ({ value, fields })),
    );
    fc.assert(
      fc.property(nested, ({ value, fields }) => {
        assert.ok(!JSON.stringify([safeValue(fields, maskText)]).includes(value));
      }),
      { numRuns: 500 },
    );
  });

  it("of the environment never come out, in whatever form", () => {
    fc.assert(
      fc.property(secret, words, (value, around) => {
        const mask = maskOf([value]);
        const line = JSON.stringify(safeValue({ a: `${around}${value}${around}`, b: [new Error(value)] }, mask));
        assert.ok(!line.includes(value));
      }),
      { numRuns: 500 },
    );
  });
});
