/** What the registry takes from outside: time, identities and chance, so that the same seed gives the same objects. */
export interface RegistryEnvironment {
  /** Virtual time, Unix milliseconds. */
  nowMs(): number;
  /** A new UID: a version 4 UUID. */
  uid(): string;
  /** A named stream of random numbers. */
  random(name: string): { characters(length: number, alphabet: string): string };
  /** Signs the claims of a service account token as a JSON Web Token. Without it tokens are unsecured ones. */
  signToken?(claims: Readonly<Record<string, unknown>>): string;
}
