import { invalid } from "./field-error.js";
import type { FieldError } from "./field-error.js";

/** IP addresses as Go's older net package reads them: k8s.io/utils/net ParseIPSloppy. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** Four or sixteen bytes. An IPv4 address in IPv6 clothes counts as IPv4. */
  readonly bytes: readonly number[];
}

/** Leading zeros in IPv4 octets are allowed; zones are not. */
export function parseIp(text: string): IpAddress | null {
  if (text.includes(":")) {
    const bytes = parseIpv6(text);
    if (bytes === null) return null;
    const mapped =
      bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
    return mapped ? { family: 4, bytes: bytes.slice(12) } : { family: 6, bytes };
  }
  const bytes = parseIpv4(text);
  return bytes === null ? null : { family: 4, bytes };
}

export function isIpv6(text: string): boolean {
  return parseIp(text)?.family === 6;
}

/** One address of each family at least. */
export function isDualStack(addresses: readonly string[]): boolean {
  const families = addresses.map((address) => parseIp(address)?.family);
  return families.includes(4) && families.includes(6);
}

/** apimachinery pkg/util/validation/ip.go IsValidIPForLegacyField, 1.34 without StrictIPCIDRValidation */
export function ipErrors(text: string, path: string): FieldError[] {
  if (parseIp(text) !== null) return [];
  return [invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
}

/** apimachinery pkg/util/validation/ip.go IsValidCIDRForLegacyField, 1.34 without StrictIPCIDRValidation */
export function cidrErrors(text: string, path: string): FieldError[] {
  if (cidrFamily(text) !== null) return [];
  return [invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
}

/** The family of `10.0.0.0/24`, or null when it is no CIDR. */
export function cidrFamily(text: string): 4 | 6 | null {
  const slash = text.indexOf("/");
  if (slash < 0) return null;
  const address = text.slice(0, slash);
  const prefix = text.slice(slash + 1);
  const family = parseIp(address)?.family;
  if (family === undefined || !/^\d{1,3}$/.test(prefix)) return null;
  const bits = address.includes(":") ? 128 : 32;
  return Number(prefix) <= bits ? family : null;
}

/** Addresses that no endpoint can have. pkg/apis/core/validation ValidateNonSpecialIP, 1.34 */
export function specialIpErrors(text: string, path: string): FieldError[] {
  const address = parseIp(text);
  if (address === null) return [invalid(path, text, "must be a valid IP address")];
  const { family, bytes } = address;
  if (bytes.every((byte) => byte === 0)) {
    return [invalid(path, text, `may not be unspecified (${text})`)];
  }
  const range = SPECIAL_RANGES.find((special) => special[family](bytes));
  return range === undefined ? [] : [invalid(path, text, `may not be in the ${range.name}`)];
}

interface SpecialRange {
  readonly name: string;
  readonly 4: (bytes: readonly number[]) => boolean;
  readonly 6: (bytes: readonly number[]) => boolean;
}

const SPECIAL_RANGES: readonly SpecialRange[] = [
  {
    name: "loopback range (127.0.0.0/8, ::1/128)",
    4: ([first]) => first === 127,
    6: (bytes) => bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1,
  },
  {
    name: "link-local range (169.254.0.0/16, fe80::/10)",
    4: ([first, second]) => first === 169 && second === 254,
    6: ([first, second = 0]) => first === 0xfe && (second & 0xc0) === 0x80,
  },
  {
    name: "link-local multicast range (224.0.0.0/24, ff02::/10)",
    4: ([first, second, third]) => first === 224 && second === 0 && third === 0,
    6: ([first, second = 0]) => first === 0xff && (second & 0x0f) === 0x02,
  },
];

function parseIpv4(text: string): number[] | null {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((octet) => /^\d{1,8}$/.test(octet))) return null;
  const bytes = octets.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function parseIpv6(text: string): number[] | null {
  const gap = text.indexOf("::");
  if (gap >= 0 && text.includes("::", gap + 1)) return null;
  if (gap < 0) {
    const bytes = parseGroups(text);
    return bytes?.length === 16 ? bytes : null;
  }
  const head = parseGroups(text.slice(0, gap));
  const tail = parseGroups(text.slice(gap + 2));
  if (head === null || tail === null || head.length + tail.length > 14) return null;
  const zeros = new Array<number>(16 - head.length - tail.length).fill(0);
  return [...head, ...zeros, ...tail];
}

/** Groups of four hexadecimal digits; the last one may be an IPv4 address. */
function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const groups = text.split(":");
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes(".")) {
      const embedded = parseIpv4(group);
      if (embedded === null) return null;
      bytes.push(...embedded);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    } else return null;
  }
  return bytes;
}
