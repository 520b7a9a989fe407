import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";

export interface ClientCertificateRequest {
  /** At least 32 secret random bytes. Everything follows from them: the same request gives the same certificates. */
  readonly seed: Uint8Array;
  /** Whom the certificate names, at most 61 characters; its authority is called the same, and `CA`. */
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** PEM texts, each ending in a line break, as Cloudflare gives them back. */
export interface ClientCertificate {
  /** The authority that signed `certificate`, and nothing else. Its key is not given out. */
  readonly authority: string;
  readonly certificate: string;
  /** PKCS #8, without a passphrase: a secret. */
  readonly privateKey: string;
}

/** Object identifiers of RFC 5280 and RFC 5758. */
const oid = { commonName: "2.5.4.3", ecdsaWithSha256: "1.2.840.10045.4.3.2" } as const;

/** RFC 5280, appendix A: longest common name. */
const longestName = 64;

/**
 * A certificate for TLS clients, and an authority made for it alone, on the curve P-256.
 *
 * Keys come from the seed by HKDF (RFC 5869), and signatures take no randomness (RFC 6979): whoever holds the seed can
 * make it all again, and a second run makes nothing new. Throws a `RangeError` where the request cannot be met.
 */
export function clientCertificate(request: ClientCertificateRequest): ClientCertificate {
  const { seed, commonName, notBefore, notAfter } = request;
  const authorityName = `${commonName} CA`;
  if (seed.length < 32) throw new RangeError("a certificate's seed must have at least 32 bytes");
  if (commonName === "" || authorityName.length > longestName)
    throw new RangeError(`the common name ${commonName} must have 1 to ${longestName - 3} characters`);
  if (!(notBefore < notAfter)) throw new RangeError("a certificate must end after it begins");

  const authorityKeys = keysFrom(seed, "authority");
  const clientKeys = keysFrom(seed, "client");
  const validity = new x509.Validity({ notBefore, notAfter });
  const authorityId = new x509.AuthorityKeyIdentifier({
    keyIdentifier: new x509.KeyIdentifier(authorityKeys.identifier),
  });

  const authority = signed(authorityKeys, {
    serialNumber: derived(seed, "authority serial", 16),
    issuer: authorityName,
    subject: authorityName,
    validity,
    keys: authorityKeys,
    extensions: [
      // Below it stand certificates of clients, and no further authority.
      extension(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
      extension(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.keyCertSign), true),
      extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(authorityKeys.identifier)),
    ],
  });
  const certificate = signed(authorityKeys, {
    serialNumber: derived(seed, "client serial", 16),
    issuer: authorityName,
    subject: commonName,
    validity,
    keys: clientKeys,
    extensions: [
      extension(x509.id_ce_basicConstraints, new x509.BasicConstraints(), true),
      extension(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.digitalSignature), true),
      extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_clientAuth])),
      extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(clientKeys.identifier)),
      extension(x509.id_ce_authorityKeyIdentifier, authorityId),
    ],
  });
  return {
    authority: pem("CERTIFICATE", authority),
    certificate: pem("CERTIFICATE", certificate),
    privateKey: clientKeys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

interface Keys {
  readonly secret: Uint8Array;
  readonly privateKey: KeyObject;
  /** DER of the public key with its algorithm. */
  readonly publicKeyInfo: Uint8Array;
  /** SHA-1 of the public key's bits, as RFC 5280 names keys; nothing rests on its strength. */
  readonly identifier: Uint8Array;
}

function derived(seed: Uint8Array, purpose: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", seed, "", `client certificate ${purpose}`, length));
}

function keysFrom(seed: Uint8Array, purpose: string): Keys {
  // 384 bits, brought into the range of the curve's order without a bias that matters (FIPS 186-5, A.2.1).
  const { secretKey, publicKey } = p256.keygen(derived(seed, `${purpose} key`, 48));
  const point = p256.Point.fromBytes(publicKey).toBytes(false);
  const coordinate = (at: number) => Buffer.from(point.subarray(at, at + 32)).toString("base64url");
  const privateKey = createPrivateKey({
    key: {
      kty: "EC",
      crv: "P-256",
      d: Buffer.from(secretKey).toString("base64url"),
      x: coordinate(1),
      y: coordinate(33),
    },
    format: "jwk",
  });
  return {
    secret: secretKey,
    privateKey,
    publicKeyInfo: createPublicKey(privateKey).export({ type: "spki", format: "der" }),
    identifier: createHash("sha1").update(point).digest(),
  };
}

interface Contents {
  readonly serialNumber: Uint8Array;
  readonly issuer: string;
  readonly subject: string;
  readonly validity: x509.Validity;
  readonly keys: Keys;
  readonly extensions: x509.Extension[];
}

/** DER of the certificate with these contents, under the signer's signature. */
function signed(signer: Keys, { serialNumber, issuer, subject, validity, keys, extensions }: Contents): ArrayBuffer {
  const signatureAlgorithm = new x509.AlgorithmIdentifier({ algorithm: oid.ecdsaWithSha256 });
  const contents = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: positive(serialNumber),
    signature: signatureAlgorithm,
    issuer: nameOf(issuer),
    validity,
    subject: nameOf(subject),
    subjectPublicKeyInfo: AsnConvert.parse(keys.publicKeyInfo, x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions(extensions),
  });
  const signature = p256.sign(new Uint8Array(AsnConvert.serialize(contents)), signer.secret, {
    prehash: true,
    format: "der",
  });
  return AsnConvert.serialize(
    new x509.Certificate({ tbsCertificate: contents, signatureAlgorithm, signatureValue: bytesOf(signature) }),
  );
}

/** DER integers are signed: without its highest bit a number is positive, and with the next it needs no padding. */
function positive(serial: Uint8Array): ArrayBuffer {
  const number = Uint8Array.from(serial);
  number[0] = ((number[0] ?? 0) & 0x7f) | 0x40;
  return bytesOf(number);
}

function nameOf(commonName: string): x509.Name {
  const value = new x509.AttributeValue({ utf8String: commonName });
  return new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: oid.commonName, value })]),
  ]);
}

function extension(extnID: string, value: object, critical = false): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function bytesOf(view: Uint8Array): ArrayBuffer {
  return Uint8Array.from(view).buffer;
}

function pem(label: string, der: ArrayBuffer): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
