/**
 * Who may issue certificates for the domain, as CAA records name them (RFC 8659).
 *
 * ACM: any one of its four names is enough, for plain and for wildcard names alike
 * (https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html).
 * Cloudflare: the authorities of its edge certificates and their backups
 * (https://developers.cloudflare.com/ssl/reference/certificate-authorities/); DigiCert is one no longer.
 */
export const certificateAuthorities = {
  acm: ["amazon.com"],
  cloudflare: ["letsencrypt.org", "pki.goog; cansignhttpexchanges=yes", "ssl.com", "sectigo.com"],
} as const;
