import { createHash, createPublicKey } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";

/** What service account tokens are signed with, and what they are verified with. */
export interface TokenKey {
  /** A JSON Web Token with these claims, as pkg/serviceaccount/jwt.go (1.34) makes it. The same claims give the same token. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** RFC 7517, as `/openid/v1/jwks` serves it. */
  readonly keySet: KeySet;
}

export interface KeySet {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

/**
 * The key of a simulation: it follows from the seed, so that tokens outlive a restart and the same run gives the same tokens. That is why
 * signatures are deterministic ones (RFC 6979), which node:crypto has not. It guards nothing: a simulated cluster has no secrets.
 */
export const tokenKeyOf = (seed: number): TokenKey => {
  const secret = createHash("sha256").update(`peapod service account key ${seed}`).digest();
  const point = p256.getPublicKey(secret, false);
  const x = base64url(point.subarray(1, 33));
  const y = base64url(point.subarray(33, 65));
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  // pkg/serviceaccount/jwt.go keyIDFromPublicKey, 1.34: the hash of the key's DER form.
  const der = publicKey.export({ type: "spki", format: "der" });
  const kid = createHash("sha256").update(der).digest("base64url");
  const head = base64url(JSON.stringify({ alg: "ES256", kid }));
  return {
    keySet: { keys: [{ use: "sig", kty: "EC", kid, crv: "P-256", alg: "ES256", x, y }] },
    sign: (claims) => {
      const signed = `${head}.${base64url(JSON.stringify(claims))}`;
      return `${signed}.${base64url(p256.sign(Buffer.from(signed), secret, { lowS: false }))}`;
    },
  };
};

const base64url = (value: string | Uint8Array): string => Buffer.from(value).toString("base64url");
