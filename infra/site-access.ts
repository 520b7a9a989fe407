import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";

export interface SiteAccessArgs {
  /** The Cloudflare account whose Zero Trust organisation decides: 32 hexadecimal digits. */
  readonly accountId: pulumi.Input<string>;
  /** The site's own host. */
  readonly host: pulumi.Input<string>;
  /** The Pages project's host, `PROJECT.pages.dev`; it and every preview below it are covered. */
  readonly projectHost: pulumi.Input<string>;
  /** Whoever proves to own an address in one of these domains is let in. */
  readonly emailDomains: pulumi.Input<string[]>;
  /**
   * Who proves it: the id of an identity provider of the account. Plain or an output, but given or not is known.
   * Default: a PIN sent to the address, which an account can have only once.
   */
  readonly identityProviderId?: pulumi.Input<string>;
  /** How long a proof lasts, in Go's notation, at most 24h. Default: 8h, a working day. */
  readonly sessionDuration?: pulumi.Input<string>;
}

/**
 * Cloudflare Access before a site: nobody reaches its host, its project's `pages.dev` host, or a preview without
 * proving an e-mail address in one of `emailDomains`.
 *
 * The account needs a Zero Trust organisation, which is made once by hand.
 * Throws where no domain is given or one is none, or a session is not 1m to 24h long.
 */
export class SiteAccess extends pulumi.ComponentResource {
  /** The audience that a token of this application carries. */
  readonly audience: pulumi.Output<string>;

  constructor(name: string, args: SiteAccessArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:sites:SiteAccess", name, {}, options);
    const emailDomains = checked(
      this,
      "emailDomains",
      args.emailDomains,
      z
        .array(z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,63}$/, "must be a domain in lower case"))
        .min(1, "must name one"),
    );
    const sessionDuration = checked(
      this,
      "sessionDuration",
      args.sessionDuration ?? "8h",
      z.string().regex(/^([1-9]|1\d|2[0-4])h$|^[1-9]\d{0,2}m$/, "must be 1m to 24h"),
    );
    const { accountId } = args;
    const parent = { parent: this };

    const identityProviderId =
      args.identityProviderId ??
      new cloudflare.ZeroTrustAccessIdentityProvider(
        name,
        { accountId, name: "One-time PIN", type: "onetimepin", config: {} },
        parent,
      ).id;
    const policy = new cloudflare.ZeroTrustAccessPolicy(
      name,
      {
        accountId,
        name: `${name} allowed e-mail domains`,
        decision: "allow",
        includes: emailDomains.apply((domains) => domains.map((domain) => ({ emailDomain: { domain } }))),
        sessionDuration,
      },
      parent,
    );
    const application = new cloudflare.ZeroTrustAccessApplication(
      name,
      {
        accountId,
        name,
        type: "self_hosted",
        domain: args.host,
        destinations: [args.host, args.projectHost, pulumi.interpolate`*.${args.projectHost}`].map((uri) => ({
          type: "public",
          uri,
        })),
        policies: [{ id: policy.id, precedence: 1 }],
        allowedIdps: [identityProviderId],
        autoRedirectToIdentity: true,
        sessionDuration,
        httpOnlyCookieAttribute: true,
        sameSiteCookieAttribute: "lax",
        appLauncherVisible: false,
      },
      parent,
    );

    this.audience = application.aud;
    this.registerOutputs({ audience: this.audience });
  }
}
