import { createHash, timingSafeEqual } from "node:crypto";

/** What a request shows to prove that it may come in. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization?: string | undefined;
  /** `?token=` of a WebSocket address: a browser cannot set headers on those. */
  readonly queryToken?: string | null | undefined;
}

/** The one bearer token of the service. Compared in constant time, so that answers tell nothing about it. */
export class AccessToken {
  readonly #digest: Buffer | null;

  /** @param token null lets everybody in. */
  constructor(token: string | null) {
    this.#digest = token === null ? null : digest(token);
  }

  get isRequired(): boolean {
    return this.#digest !== null;
  }

  admits(credentials: Credentials): boolean {
    if (this.#digest === null) return true;
    const shown = bearer(credentials.authorization) ?? credentials.queryToken ?? null;
    return shown !== null && timingSafeEqual(digest(shown), this.#digest);
  }
}

/** Injection token of the AccessToken. */
export const ACCESS_TOKEN = Symbol("AccessToken");

const bearer = (header: string | undefined): string | null =>
  /^bearer +([^ ]+) *$/i.exec(header ?? "")?.[1] ?? null;

/** Equal lengths, whatever was shown: timingSafeEqual asks for them. */
const digest = (token: string): Buffer => createHash("sha256").update(token).digest();
