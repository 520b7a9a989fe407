import { createECDH, createHash, createPrivateKey } from "node:crypto";

/** For tests. A certificate of `keyFrom("a key that everybody knows")`, for a hundred years from 2026. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIULB4ObuQhOYbq8QuFoL2+zMzDIxkwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPc2FuZGJveC5leGFtcGxlMCAXDTI2MTEyMTAzNDAyMVoYDzIx
MjYxMDI4MDM0MDIxWjAaMRgwFgYDVQQDDA9zYW5kYm94LmV4YW1wbGUwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAQfIr4X0HIadcD9mZbzfeh8PXU34x/qdFgejTPC
WG8DEXV+0WSps9PM3Zk+3yjSumCIAOBQXscEkgrXXvB0E1tAo1MwUTAdBgNVHQ4E
FgQU5vZx/49Q9dh3nL8E1/4r7/NyyRgwHwYDVR0jBBgwFoAU5vZx/49Q9dh3nL8E
1/4r7/NyyRgwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA5fKJ
ZbWGLHZ1ZiBXMjL3/VoRfxenu+k7qfgHnPMU6qgCIDlQbJcTci8UcDMhM4kSx4q+
i3pGy+waCE3F/wfzNHz+
-----END CERTIFICATE-----
`;

/** PEM of the P-256 key that the text makes. */
export function keyFrom(text: string): string {
  const secret = createHash("sha256").update(text).digest();
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  const part = (bytes: Buffer): string => bytes.toString("base64url");
  const [x, y] = [part(point.subarray(1, 33)), part(point.subarray(33, 65))];
  const key = { kty: "EC", crv: "P-256", d: part(secret), x, y };
  return createPrivateKey({ format: "jwk", key }).export({ type: "pkcs8", format: "pem" }).toString();
}
