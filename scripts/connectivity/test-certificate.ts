import { generateKeyPairSync, sign } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";

/** For tests alone: a certificate for one host name, which signed itself, and its key, made anew each time. As PEM. */
export function selfSigned(host: string): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = new x509.Name([
    new x509.RelativeDistinguishedName([
      // The common name; the algorithm below is ECDSA with SHA-256 (RFC 5280, RFC 5758).
      new x509.AttributeTypeAndValue({ type: "2.5.4.3", value: new x509.AttributeValue({ utf8String: host }) }),
    ]),
  ]);
  const signatureAlgorithm = new x509.AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" });
  const names = new x509.SubjectAlternativeName([new x509.GeneralName({ dNSName: host })]);
  const now = Date.now();
  const day = 24 * 60 * 60 * 1000;
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: Uint8Array.of(1).buffer,
    signature: signatureAlgorithm,
    issuer: name,
    validity: new x509.Validity({ notBefore: new Date(now - day), notAfter: new Date(now + day) }),
    subject: name,
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: "spki", format: "der" }),
      x509.SubjectPublicKeyInfo,
    ),
    extensions: new x509.Extensions([
      new x509.Extension({
        extnID: x509.id_ce_subjectAltName,
        extnValue: new OctetString(AsnConvert.serialize(names)),
      }),
    ]),
  });
  const signature = sign("sha256", Buffer.from(AsnConvert.serialize(tbsCertificate)), privateKey);
  const certificate = AsnConvert.serialize(
    new x509.Certificate({ tbsCertificate, signatureAlgorithm, signatureValue: Uint8Array.from(signature).buffer }),
  );
  const body = Buffer.from(certificate).toString("base64");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
