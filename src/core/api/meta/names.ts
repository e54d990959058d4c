import { byteLength } from "./go-format.js";

/**
 * Rules for names. Each returns what is wrong in Kubernetes' words, nothing when all is well.
 * apimachinery pkg/util/validation/validation.go and pkg/api/validation/generic.go, 1.34
 */

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const UNDERSCORE_SUBDOMAIN = `${UNDERSCORE_LABEL}(\\.${UNDERSCORE_LABEL})*`;
const UNDERSCORE_SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
const DNS1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const DNS1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const QUALIFIED_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE = `(${QUALIFIED})?`;
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const C_IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*";
const HTTP_HEADER = "[-A-Za-z0-9]+";
const CONFIG_MAP_KEY = "[-._a-zA-Z0-9]+";
const PERCENT = "[0-9]+%";
const CONDITION_REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";

const LABEL_MAX_LENGTH = 63;
const SUBDOMAIN_MAX_LENGTH = 253;
const PORT_NAME_MAX_LENGTH = 15;
const MAX_INT32 = 2147483647;

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const LABEL_REGEXP = whole(LABEL);
const SUBDOMAIN_REGEXP = whole(SUBDOMAIN);
const UNDERSCORE_SUBDOMAIN_REGEXP = whole(UNDERSCORE_SUBDOMAIN);
const DNS1035_REGEXP = whole(DNS1035);
const WILDCARD_REGEXP = whole(`\\*\\.${SUBDOMAIN}`);
const QUALIFIED_REGEXP = whole(QUALIFIED);
const LABEL_VALUE_REGEXP = whole(LABEL_VALUE);
const C_IDENTIFIER_REGEXP = whole(C_IDENTIFIER);
const HTTP_HEADER_REGEXP = whole(HTTP_HEADER);
const CONFIG_MAP_KEY_REGEXP = whole(CONFIG_MAP_KEY);
const PERCENT_REGEXP = whole(PERCENT);
const CONDITION_REASON_REGEXP = whole(CONDITION_REASON);

/** A function that checks a name; `prefix`: it is a generateName, to which more is added. */
export type NameRule = (name: string, prefix: boolean) => string[];

export function dns1123Label(value: string): string[] {
  const errors = longerThan(value, LABEL_MAX_LENGTH);
  if (LABEL_REGEXP.test(value)) return errors;
  // A valid subdomain that is no label has dots.
  if (SUBDOMAIN_REGEXP.test(value)) return [...errors, "must not contain dots"];
  return [...errors, regexError(LABEL_TEXT, LABEL, "my-name", "123-abc")];
}

export function dns1123Subdomain(value: string): string[] {
  const errors = longerThan(value, SUBDOMAIN_MAX_LENGTH);
  if (SUBDOMAIN_REGEXP.test(value)) return errors;
  return [...errors, regexError(SUBDOMAIN_TEXT, SUBDOMAIN, "example.com")];
}

/** Search domains of a resolver (`_sites.example.com`). */
export function dns1123SubdomainWithUnderscore(value: string): string[] {
  const errors = longerThan(value, SUBDOMAIN_MAX_LENGTH);
  if (UNDERSCORE_SUBDOMAIN_REGEXP.test(value)) return errors;
  return [...errors, regexError(UNDERSCORE_SUBDOMAIN_TEXT, UNDERSCORE_SUBDOMAIN, "example.com")];
}

export function dns1035Label(value: string): string[] {
  const errors = longerThan(value, LABEL_MAX_LENGTH);
  if (DNS1035_REGEXP.test(value)) return errors;
  return [...errors, regexError(DNS1035_TEXT, DNS1035, "my-name", "abc-123")];
}

export function wildcardDns1123Subdomain(value: string): string[] {
  const errors = longerThan(value, SUBDOMAIN_MAX_LENGTH);
  if (WILDCARD_REGEXP.test(value)) return errors;
  const text =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...errors, regexError(text, `\\*\\.${SUBDOMAIN}`, "*.example.com")];
}

/** Label keys, taint keys, resource names: `name` or `prefix/name`. */
export function qualifiedName(value: string): string[] {
  const text = regexError(QUALIFIED_TEXT, QUALIFIED, "MyName", "my.name", "123-abc");
  const parts = value.split("/");
  if (parts.length > 2) {
    return [
      `a qualified name ${text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts[parts.length - 1] ?? "";
  const errors: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    if (prefix === "") errors.push("prefix part must be non-empty");
    else errors.push(...dns1123Subdomain(prefix).map((error) => `prefix part ${error}`));
  }
  if (name === "") errors.push("name part must be non-empty");
  else errors.push(...longerThan(name, LABEL_MAX_LENGTH).map((error) => `name part ${error}`));
  if (!QUALIFIED_REGEXP.test(name)) errors.push(`name part ${text}`);
  return errors;
}

export function labelValue(value: string): string[] {
  const errors = longerThan(value, LABEL_MAX_LENGTH);
  if (LABEL_VALUE_REGEXP.test(value)) return errors;
  return [...errors, regexError(LABEL_VALUE_TEXT, LABEL_VALUE, "MyValue", "my_value", "12345")];
}

export function cIdentifier(value: string): string[] {
  if (C_IDENTIFIER_REGEXP.test(value)) return [];
  const text =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return [regexError(text, C_IDENTIFIER, "my_name", "MY_NAME", "MyName")];
}

/** Relaxed since 1.32 (VAL-24): anything printable of ASCII but `=`. */
export function environmentVariableName(value: string): string[] {
  const errors = value === "" ? ["environment variable name must be non-empty"] : [];
  if (!/^[\x20-\x7e]*$/.test(value) || value.includes("=")) {
    errors.push(
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
    );
  }
  return errors;
}

/** A key of a ConfigMap or Secret. */
export function configMapKey(value: string): string[] {
  const errors = longerThan(value, SUBDOMAIN_MAX_LENGTH);
  if (!CONFIG_MAP_KEY_REGEXP.test(value)) {
    const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    errors.push(regexError(text, CONFIG_MAP_KEY, "key.name", "KEY_NAME", "key-name"));
  }
  return [...errors, ...parentDirectoryPrefix(value)];
}

export function httpHeaderName(value: string): string[] {
  if (HTTP_HEADER_REGEXP.test(value)) return [];
  const text = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return [regexError(text, HTTP_HEADER, "X-Header-Name")];
}

export function percent(value: string): string[] {
  if (PERCENT_REGEXP.test(value)) return [];
  const text = "a valid percent string must be a numeric string followed by an ending '%'";
  return [regexError(text, PERCENT, "1%", "93%")];
}

/** The reason of a metav1.Condition. apimachinery pkg/apis/meta/v1/validation, 1.34 */
export function conditionReason(value: string): string[] {
  if (CONDITION_REASON_REGEXP.test(value)) return [];
  const text =
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
  const examples = ["my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"];
  return [regexError(text, CONDITION_REASON, ...examples)];
}

/** The name of a container port: IANA_SVC_NAME in lower case. */
export function portName(value: string): string[] {
  const errors = longerThan(value, PORT_NAME_MAX_LENGTH);
  if (!/^[-a-z0-9]+$/.test(value)) {
    errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(value)) errors.push("must contain at least one letter (a-z)");
  if (value.includes("--")) errors.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-")) {
    errors.push("must not begin or end with a hyphen");
  }
  return errors;
}

export function portNumber(port: number): string[] {
  return inRange(port, 1, 65535);
}

/** A user or group id. */
export function unixId(id: number): string[] {
  return inRange(id, 0, MAX_INT32);
}

export function inRange(value: number, minimum: number, maximum: number): string[] {
  if (value >= minimum && value <= maximum) return [];
  return [`must be between ${String(minimum)} and ${String(maximum)}, inclusive`];
}

export const nameIsDnsSubdomain: NameRule = (name, prefix) =>
  dns1123Subdomain(prefix ? maskTrailingDash(name) : name);

export const nameIsDnsLabel: NameRule = (name, prefix) =>
  dns1123Label(prefix ? maskTrailingDash(name) : name);

export const nameIsDns1035Label: NameRule = (name, prefix) =>
  dns1035Label(prefix ? maskTrailingDash(name) : name);

/** A name that can stand in a path. apimachinery pkg/api/validation/path/name.go, 1.34 */
export const nameIsPathSegment: NameRule = (name, prefix) => {
  if (!prefix && (name === "." || name === "..")) return [`may not be '${name}'`];
  return ["/", "%"]
    .filter((illegal) => name.includes(illegal))
    .map((illegal) => `may not contain '${illegal}'`);
};

const GENERATED_SUFFIX_LENGTH = 5;
/** apimachinery pkg/util/rand: no vowels and no digits that look like letters, so that no word comes out. */
const GENERATED_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** DEF-13. apiserver pkg/storage/names/generate.go, 1.34. @param characters draws from a random stream */
export function generateName(
  base: string,
  characters: (length: number, alphabet: string) => string,
): string {
  const kept = base.slice(0, LABEL_MAX_LENGTH - GENERATED_SUFFIX_LENGTH);
  return kept + characters(GENERATED_SUFFIX_LENGTH, GENERATED_ALPHABET);
}

/** Kubernetes replaces the last two characters, not only the dash; a one-letter base would else fail. */
function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}

function longerThan(value: string, maximum: number): string[] {
  return byteLength(value) > maximum ? [`must be no more than ${String(maximum)} characters`] : [];
}

function regexError(text: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${text} (regex used for validation is '${pattern}')`;
  const quoted = examples.map((example) => `'${example}', `).join(" or ");
  return `${text} (e.g. ${quoted}regex used for validation is '${pattern}')`;
}

function parentDirectoryPrefix(value: string): string[] {
  if (value === ".") return ["must not be '.'"];
  if (value === "..") return ["must not be '..'"];
  return value.startsWith("..") ? ["must not start with '..'"] : [];
}
