import assert from "node:assert/strict";
import { sites, siteVariables } from "../settings/apps.ts";
import { variableProblem } from "./variables.ts";

describe("a site's variables", () => {
  for (const [name, value] of [
    ["VITE_API_URL", "https://api.example.com"],
    ["NEXT_PUBLIC_COMMIT", "0123456789abcdef"],
    ["VITE_KEYBOARD_LAYOUT", "qwerty"],
  ] as const)
    it(`may be ${name}`, () => {
      assert.equal(variableProblem(name, value, "production"), undefined);
      assert.equal(variableProblem(name, value, "preview"), undefined);
    });

  for (const name of [
    "STRIPE_SECRET_KEY",
    "VITE_API_KEY",
    "DATABASE_PASSWORD",
    "NEXT_PUBLIC_MAIL_TOKEN",
    "JWT_PRIVATE_PEM",
    "SENTRY_DSN",
    "GOOGLE_CREDENTIALS",
  ])
    it(`may not be ${name}, in any deployment`, () => {
      assert.match(variableProblem(name, "x", "production") ?? "", /looks like a credential/);
      assert.match(variableProblem(name, "x", "preview") ?? "", /looks like a credential/);
    });

  for (const name of ["NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", "VITE_PAYMENT_PROVIDER", "VITE_PAYPAL_CLIENT_ID"])
    it(`may be ${name} in the site itself, and not in a preview`, () => {
      assert.equal(variableProblem(name, "x", "production"), undefined);
      assert.match(variableProblem(name, "x", "preview") ?? "", /looks like a credential/);
    });

  for (const value of [
    ["sk", "live", "51H"].join("_"),
    ["rk", "test", "51H"].join("_"),
    ["whsec", "x"].join("_"),
    ["AKIA", "IOSFODNN7EXAMPLE"].join(""),
    "-----BEGIN PRIVATE KEY-----",
    ["ghp", "x"].join("_"),
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
  ])
    it(`may not hold ${value.slice(0, 12)}…, whatever their name`, () => {
      const problem = variableProblem("VITE_LABEL", value, "production") ?? "";
      assert.match(problem, /holds what looks like a credential/);
      assert.ok(!problem.includes(value));
    });

  it("have names of a shell", () => {
    for (const name of ["vite_api_url", "VITE-API", "1ST", ""])
      assert.match(variableProblem(name, "x", "production") ?? "", /is no name/);
  });

  it("that the table of the sites names may stand in every deployment", () => {
    for (const site of Object.keys(sites) as (keyof typeof sites)[])
      for (const [name, value] of Object.entries(
        siteVariables(site, { environment: "preview", domain: "example.org" }),
      ))
        assert.equal(variableProblem(name, value, "preview"), undefined, name);
  });
});
