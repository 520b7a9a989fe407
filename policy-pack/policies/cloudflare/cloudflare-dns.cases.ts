import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { record, setting } from "../../test/sent/cloudflare.ts";

const old = (props: Sent["props"]): Sent => ({ ...record(props), type: "cloudflare:index/record:Record" });
const host = (props: Sent["props"], name?: string, references?: Sent["references"]): Sent =>
  record(
    { name: "shop.example.org", type: "CNAME", content: "lb.example.net", proxied: true, ...props },
    name,
    references,
  );
const txt = (content: Json, name = "example.org"): Sent => record({ name, type: "TXT", content }, name);
const dmarc = (content: Json): Sent => txt(content, "_dmarc.example.org");
const strict = setting("ssl", "strict", "ssl");
const caa = (props: Sent["props"]): Sent => record({ name: "example.org", type: "CAA", ...props }, "caa");

export const cases: readonly Case[] = [
  ...[
    { when: "a host is proxied", given: host({}), result: "passes" as const },
    { when: "it is proxied by text", given: host({ proxied: "true" }), result: "passes" as const },
    {
      when: "a host is not proxied",
      given: host({ proxied: false }),
      result: [/proxied: "shop\.example\.org" shows the world where its origin is.*Fix: set proxied: true/],
    },
    {
      when: "the proxy is absent",
      given: record({ name: "a.example.org", type: "A", content: "8.8.8.8" }),
      result: [/proxied/],
    },
    {
      when: "an IPv6 address of the older type is not proxied",
      given: old({ name: "a.example.org", type: "AAAA", content: "2606:4700::1111" }),
      result: [/proxied/],
    },
    {
      when: "it is unknown whether it is",
      given: host({ proxied: UNKNOWN }),
      result: [/proxied: its value is not known/],
    },
    {
      when: "it proves a domain to ACM",
      given: host({ name: "_1a2b.example.org", content: "_3c4d.abc.acm-validations.aws.", proxied: false }),
      result: "passes" as const,
    },
    {
      when: "it is a key of DKIM",
      given: host({ name: "s1._domainkey.example.org", content: "s1.mail.example.net", proxied: false }),
      result: "passes" as const,
    },
    {
      when: "its target is another edge",
      given: host({ content: "d111111abcdef8.cloudfront.net", proxied: false }),
      result: "passes" as const,
    },
    {
      when: "its target needs no proxy by configuration",
      given: host({ content: "status.example.net", proxied: false }),
      config: { direct: ["status.example.net"] },
      result: "passes" as const,
    },
    { when: "the type cannot be proxied", given: txt("v=spf1 -all"), result: "passes" as const },
    { when: "the target is unknown", given: host({ content: UNKNOWN, proxied: false }), result: "waits" as const },
    {
      when: "all that ACM gives is unknown",
      given: host({ name: UNKNOWN, content: UNKNOWN, type: UNKNOWN, proxied: false }),
      result: "waits" as const,
    },
  ].map((example): Case => ({ rule: "cloudflare-record-proxied", ...example })),

  ...["10.0.4.7", "192.168.1.1", "169.254.169.254", "127.0.0.1"].map((content): Case => ({
    rule: "cloudflare-record-no-internal-ip",
    when: `the address is ${content}`,
    given: host({ type: "A", content }),
    result: [new RegExp(`content: ${content.replaceAll(".", "\\.")} is an address of an internal network`)],
  })),
  {
    rule: "cloudflare-record-no-internal-ip",
    when: "the IPv6 address is of a site",
    given: host({ type: "AAAA", content: "FD00::1" }),
    result: [/content: fd00::1 is an address of an internal network/],
  },
  {
    rule: "cloudflare-record-no-internal-ip",
    when: "the address is public",
    given: host({ type: "A", content: "8.8.8.8" }),
    result: "passes",
  },
  {
    rule: "cloudflare-record-no-internal-ip",
    when: "it is a placeholder of a host without an origin",
    given: host({ type: "AAAA", content: "100::" }),
    result: "passes",
  },
  { rule: "cloudflare-record-no-internal-ip", when: "it is no address", given: host({}), result: "passes" },
  {
    rule: "cloudflare-record-no-internal-ip",
    when: "there is no address",
    given: record({ name: "a.example.org", type: "A" }),
    result: [/content: it is not set/],
  },
  {
    rule: "cloudflare-record-no-internal-ip",
    when: "the address is unknown",
    given: host({ type: "A", content: UNKNOWN }),
    result: "waits",
  },

  { rule: "cloudflare-record-cname-valid", when: "it names a host", given: host({}), result: "passes" },
  {
    rule: "cloudflare-record-cname-valid",
    when: "it names a label with an underscore, and ends with a dot",
    given: host({ content: "_3c4d.abc.acm-validations.aws." }),
    result: "passes",
  },
  {
    rule: "cloudflare-record-cname-valid",
    when: "it names an address",
    given: host({ content: "8.8.8.8" }),
    result: [/content: it is "8\.8\.8\.8", which is no host's name/],
  },
  {
    rule: "cloudflare-record-cname-valid",
    when: "it names a URL",
    given: host({ content: "https://lb.example.net" }),
    result: [/which is no host's name/],
  },
  {
    rule: "cloudflare-record-cname-valid",
    when: "it names itself",
    given: host({ content: "SHOP.example.org." }),
    result: [/content: it is the record's own name/],
  },
  {
    rule: "cloudflare-record-cname-valid",
    when: "it names nothing",
    given: record({ name: "a.example.org", type: "CNAME" }),
    result: [/content: it is not set/],
  },
  { rule: "cloudflare-record-cname-valid", when: "it is no CNAME", given: txt("hello world"), result: "passes" },
  {
    rule: "cloudflare-record-cname-valid",
    when: "its target is unknown",
    given: host({ content: UNKNOWN }),
    result: "waits",
  },

  {
    rule: "cloudflare-record-target-owned",
    when: "its target is the stack's load balancer, by reference",
    given: [
      strict,
      {
        type: "aws:lb/loadBalancer:LoadBalancer",
        name: "alb",
        props: { dnsName: "alb-1.us-east-1.elb.amazonaws.com" },
      },
      host({ content: "alb-1.us-east-1.elb.amazonaws.com" }, "record", { content: ["alb"] }),
    ],
    result: "passes",
  },
  {
    rule: "cloudflare-record-target-owned",
    when: "its target is the stack's site, by text",
    given: [
      strict,
      {
        type: "cloudflare:index/pagesProject:PagesProject",
        name: "site",
        props: { name: "shop", subdomain: "shop.pages.dev" },
      },
      host({ content: "shop.pages.dev" }),
    ],
    result: "passes",
  },
  {
    rule: "cloudflare-record-target-owned",
    when: "its target is another stack's, by reference",
    given: [
      strict,
      { type: "pulumi:pulumi:StackReference", name: "staging", props: { name: "staging" } },
      host({ content: "alb-1.us-east-1.elb.amazonaws.com" }, "record", { content: ["staging"] }),
    ],
    result: "passes",
  },
  {
    rule: "cloudflare-record-target-owned",
    when: "nothing has the name any more",
    given: [strict, host({ content: "OLD-shop.pages.dev." })],
    result: [/content: nothing in this stack is called old-shop\.pages\.dev/],
  },
  {
    rule: "cloudflare-record-target-owned",
    when: "a bucket's website of the older type is gone",
    given: [strict, old({ name: "a.example.org", type: "CNAME", content: "shop.s3-website-us-east-1.amazonaws.com" })],
    result: [/nothing in this stack is called shop\.s3-website/],
  },
  {
    rule: "cloudflare-record-target-owned",
    when: "the name cannot be taken by strangers",
    given: [strict, host({ content: "mail.example.net" })],
    result: "passes",
  },
  {
    rule: "cloudflare-record-target-owned",
    when: "the target is unknown",
    given: [strict, host({ content: UNKNOWN })],
    result: "passes",
  },
  {
    rule: "cloudflare-record-target-owned",
    when: "the zone and its target are another stack's",
    given: [host({ content: "alb-1.us-east-1.elb.amazonaws.com" })],
    result: "passes",
  },

  { rule: "cloudflare-record-no-wildcard", when: "it is one host", given: host({}), result: "passes" },
  {
    rule: "cloudflare-record-no-wildcard",
    when: "it is every host",
    given: host({ name: "*.example.org" }),
    result: [/name: it answers for every name/],
  },
  { rule: "cloudflare-record-no-wildcard", when: "it is a star alone", given: host({ name: "*" }), result: [/name/] },
  { rule: "cloudflare-record-no-wildcard", when: "it is unknown", given: host({ name: UNKNOWN }), result: "waits" },

  {
    rule: "cloudflare-zone-caa",
    when: "the zone names an authority",
    given: [strict, caa({ data: { flags: 0, tag: "issue", value: "amazon.com" } })],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-caa",
    when: "it names one as text",
    given: [strict, caa({ content: '0 issue "amazon.com"' })],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-caa",
    when: "it names one for wildcards only",
    given: [strict, caa({ data: { flags: 0, tag: "issuewild", value: "amazon.com" } })],
    result: [/data\.tag: every certificate authority may issue/],
  },
  { rule: "cloudflare-zone-caa", when: "it names none", given: [strict], result: [/every certificate authority/] },
  {
    rule: "cloudflare-zone-caa",
    when: "the data is unknown",
    given: [strict, caa({ data: UNKNOWN })],
    result: "waits",
  },
  { rule: "cloudflare-zone-caa", when: "the zone is another stack's", given: [host({})], result: "passes" },

  { rule: "cloudflare-zone-spf", when: "nobody may send", given: txt('"v=spf1 -all"'), result: "passes" },
  {
    rule: "cloudflare-zone-spf",
    when: "a service may send, in two pieces of text",
    given: txt('"v=spf1 include:_spf.mail" ".example.net ~all"'),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-spf",
    when: "anyone may send",
    given: txt("v=spf1 +all"),
    result: [/content: it does not say that all others are forged.*Fix: end it with "-all"/],
  },
  { rule: "cloudflare-zone-spf", when: "others are neutral", given: txt("v=spf1 mx ?all"), result: [/content/] },
  { rule: "cloudflare-zone-spf", when: "it has no end", given: txt("v=spf1 mx"), result: [/content/] },
  { rule: "cloudflare-zone-spf", when: "the text is another one", given: txt("verify=1"), result: "passes" },
  {
    rule: "cloudflare-zone-spf",
    when: "there is no text",
    given: record({ name: "example.org", type: "TXT" }),
    result: "passes",
  },
  { rule: "cloudflare-zone-spf", when: "the text is unknown", given: txt(UNKNOWN), result: "waits" },
  { rule: "cloudflare-zone-spf", when: "the zone says it", given: [strict, txt("v=spf1 -all")], result: "passes" },
  {
    rule: "cloudflare-zone-spf",
    when: "the zone does not say it",
    given: [strict, txt("verify=1")],
    result: [/content: nothing says who may send mail/],
  },
  { rule: "cloudflare-zone-spf", when: "an unknown text may say it", given: [strict, txt(UNKNOWN)], result: "waits" },

  {
    rule: "cloudflare-zone-dmarc",
    when: "forged mail is rejected",
    given: dmarc('"v=DMARC1; p=reject"'),
    result: "passes",
  },
  {
    rule: "cloudflare-zone-dmarc",
    when: "forged mail is let through",
    given: dmarc("v=DMARC1; p=none; rua=mailto:a@example.org"),
    result: [/content: it lets forged mail through.*Fix: set p=reject/],
  },
  {
    rule: "cloudflare-zone-dmarc",
    when: "hosts below the domain are left out",
    given: dmarc("v=DMARC1; p=reject; sp=none"),
    result: [/below the domain/],
  },
  {
    rule: "cloudflare-zone-dmarc",
    when: "half of it is judged",
    given: dmarc("v=DMARC1; p=reject; pct=50"),
    result: [/a part/],
  },
  {
    rule: "cloudflare-zone-dmarc",
    when: "there is no text",
    given: record({ name: "_dmarc.example.org", type: "TXT" }),
    result: "passes",
  },
  { rule: "cloudflare-zone-dmarc", when: "the text is unknown", given: dmarc(UNKNOWN), result: "waits" },
  {
    rule: "cloudflare-zone-dmarc",
    when: "the zone says it",
    given: [strict, dmarc("v=DMARC1; p=quarantine")],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-dmarc",
    when: "the zone does not",
    given: [strict],
    result: [/content: nothing says what to do/],
  },

  {
    rule: "cloudflare-zone-dkim",
    when: "the domain sends no mail",
    given: [strict, txt("v=spf1 -all")],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-dkim",
    when: "the domain sends mail and signs it",
    given: [strict, txt("v=spf1 mx -all"), txt("v=DKIM1; k=rsa; p=abc", "s1._domainkey.example.org")],
    result: "passes",
  },
  {
    rule: "cloudflare-zone-dkim",
    when: "the domain sends mail and signs none",
    given: [strict, txt("v=spf1 mx -all")],
    result: [/name: this domain sends mail, and no key/],
  },
  {
    rule: "cloudflare-zone-dkim",
    when: "an unknown name may be the key's",
    given: [strict, txt("v=spf1 mx -all"), record({ name: UNKNOWN, type: "CNAME", content: UNKNOWN }, "key")],
    result: "waits",
  },
];
