import assert from "node:assert/strict";
import { expressionProblem } from "./cloudflare-expression.ts";

describe("Cloudflare: an expression", () => {
  for (const expression of [
    "true",
    '(http.host eq "a" and not http.request.method in {"GET" "HEAD"})',
    'http.user_agent contains "say \\"hi\\" (" or ip.src in $offices',
    'http.request.headers["x-a"][0] eq "b" or cf.client.bot or ip.src.country eq "DE"',
    'http.request.uri.path wildcard r"/a/*"',
    'lower(http.host) eq "a" and not (ip.src eq 192.0.2.1 or ip.src in {192.0.2.0/24 2001:db8::/32})',
    'any(http.request.headers["x-a"][*] == "b") and (len(http.cookie) gt 3 or ssl)',
    "ip.src eq 2001:db8::1 or not cf.edge.server_port in {80 443}",
  ])
    it(`may be ${expression}`, () => {
      assert.equal(expressionProblem(expression), undefined);
    });

  for (const [expression, problem] of [
    ['http.host eq "a', /not closed/],
    ["(true", /do not match/],
    ["true)", /do not match/],
    ['http.hosts eq "a"', /unknown identifier http\.hosts/],
    ['http.request.path eq "/"', /unknown identifier http\.request\.path/],
    [" ", /empty/],
    ["http.host eq api.example.com", /found api\.example\.com/],
    ["http.request.uri.path == /api", /found \/api/],
    ['http.host = "a"', /equality is/],
    ["http.host eq 'a'", /double quotes/],
    ['http.host eq "a" AND ip.src in $offices', /lower case/],
    ['http.request.method in {"GET", "HEAD"}', /blanks/],
    ['http.host eq "a" and', /ends in an operator/],
    ['startsWith(http.request.uri.path, "/api")', /unknown function startsWith/],
  ] as const)
    it(`may not be ${expression}`, () => {
      assert.match(expressionProblem(expression) ?? "", problem);
    });
});
