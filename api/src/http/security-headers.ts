/** Two years: what the preload list of browsers asks for at least is one. */
const strictTransport = "max-age=63072000; includeSubDomains";

/** What no answer of the API ever needs from a browser. */
const permissions = [
  "accelerometer",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "payment",
  "usb",
]
  .map((feature) => `${feature}=()`)
  .join(", ");

const policyOf = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ");

/** `base-uri`, `form-action`, and `frame-ancestors` do not fall back to `default-src`. */
const nothing = { "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'" };

/** For every answer: nothing of it is run, framed, sniffed, or sent on. */
export const securityHeaders: Readonly<Record<string, string>> = Object.freeze({
  "Content-Security-Policy": policyOf(nothing),
  "Strict-Transport-Security": strictTransport,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  // Bounds requests without CORS alone, so that pages of CORS_ORIGINS still read what they ask for.
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": permissions,
  "X-Permitted-Cross-Domain-Policies": "none",
});

/** What a page of the documentation has instead: its own scripts, styles, and the API itself, and no other host. */
export const pageHeaders: Readonly<Record<string, string>> = Object.freeze({
  "Content-Security-Policy": policyOf({
    ...nothing,
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
  }),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Origin-Agent-Cluster": "?1",
});
