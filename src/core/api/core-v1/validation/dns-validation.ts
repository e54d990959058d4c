import type { HostAlias, PodDNSConfig } from "../../generated/core-v1.js";
import { dnsSubdomain, each, messages } from "../../meta/check.js";
import { invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { byteLength } from "../../meta/go-format.js";
import { ipErrors } from "../../meta/ip.js";
import { dns1123SubdomainWithUnderscore } from "../../meta/names.js";

/** Limits of libc's resolver. pkg/apis/core/validation/validation.go, 1.34 */
const MAX_NAMESERVERS = 3;
const MAX_SEARCH_PATHS = 32;
const MAX_SEARCH_CHARACTERS = 2048;

/** VAL-7. */
export function validateDnsConfig(
  config: PodDNSConfig | undefined,
  policy: string | undefined,
  path: string,
): FieldError[] {
  const { nameservers = [], searches = [] } = config ?? {};
  if (policy === "None") {
    if (config === undefined) {
      return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    }
    if (nameservers.length === 0) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return [required(`${path}.nameservers`, detail)];
    }
  }
  const errors: FieldError[] = [];
  if (nameservers.length > MAX_NAMESERVERS) {
    const detail = `must not have more than ${String(MAX_NAMESERVERS)} nameservers`;
    errors.push(invalid(`${path}.nameservers`, nameservers, detail));
  }
  errors.push(...each(nameservers, `${path}.nameservers`, ipErrors));
  errors.push(...searchErrors(searches, `${path}.searches`));
  return [
    ...errors,
    ...each(config?.options, `${path}.options`, ({ name = "" }, place) =>
      name === "" ? [required(place, "must not be empty")] : [],
    ),
  ];
}

export function validateHostAliases(aliases: HostAlias[] | undefined, path: string): FieldError[] {
  return each(aliases, path, ({ ip, hostnames }, place) => [
    ...ipErrors(ip, `${place}.ip`),
    ...each(hostnames, `${place}.hostnames`, dnsSubdomain),
  ]);
}

function searchErrors(searches: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (searches.length > MAX_SEARCH_PATHS) {
    const detail = `must not have more than ${String(MAX_SEARCH_PATHS)} search paths`;
    errors.push(invalid(path, searches, detail));
  }
  if (byteLength(searches.join(" ")) > MAX_SEARCH_CHARACTERS) {
    const most = String(MAX_SEARCH_CHARACTERS);
    const detail = `must not have more than ${most} characters (including spaces) in the search list`;
    errors.push(invalid(path, searches, detail));
  }
  return [
    ...errors,
    ...each(searches, path, (search, place) => {
      if (search === ".") return [];
      const name = search.endsWith(".") ? search.slice(0, -1) : search;
      return messages(place, name, dns1123SubdomainWithUnderscore(name));
    }),
  ];
}
