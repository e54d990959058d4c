import type { Endpoint, EndpointPort, EndpointSlice } from "../generated/discovery-v1.js";
import { dnsLabel, each, labels, notSupportedIf, qualified } from "../meta/check.js";
import { duplicate, invalid, required, tooMany } from "../meta/field-error.js";
import type { FieldError } from "../meta/field-error.js";
import { ipErrors, parseIp, specialIpErrors } from "../meta/ip.js";
import { dns1123Subdomain, nameIsDnsSubdomain } from "../meta/names.js";
import { validateImmutable, validateObjectMeta } from "../meta/object-meta-validation.js";

/** pkg/apis/discovery/validation/validation.go, 1.34 */

const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_TOPOLOGY_LABELS = 16;
const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"];

export function validateEndpointSliceCreate(slice: EndpointSlice): FieldError[] {
  return sliceErrors(slice, ADDRESS_TYPES);
}

export function validateEndpointSliceUpdate(
  next: EndpointSlice,
  previous: EndpointSlice,
): FieldError[] {
  return [
    // Slices of the first release had the type IP.
    ...sliceErrors(next, ["FQDN", "IP", "IPv4", "IPv6"]),
    ...validateImmutable(next.addressType, previous.addressType, "addressType"),
  ];
}

function sliceErrors(slice: EndpointSlice, types: readonly string[]): FieldError[] {
  const { addressType, endpoints = [], ports = [] } = slice;
  return [
    ...validateObjectMeta(slice.metadata, true, nameIsDnsSubdomain),
    ...(addressType === ""
      ? [required("addressType")]
      : notSupportedIf(addressType, "addressType", types)),
    ...(endpoints.length > MAX_ENDPOINTS
      ? [tooMany("endpoints", endpoints.length, MAX_ENDPOINTS)]
      : each(endpoints, "endpoints", (endpoint, path) =>
          endpointErrors(endpoint, addressType, path),
        )),
    ...(ports.length > MAX_PORTS ? [tooMany("ports", ports.length, MAX_PORTS)] : portErrors(ports)),
  ];
}

function endpointErrors(endpoint: Endpoint, type: string, path: string): FieldError[] {
  const { addresses, deprecatedTopology = {}, hostname } = endpoint;
  const errors: FieldError[] = [];
  const place = `${path}.addresses`;
  if (addresses.length === 0) errors.push(required(place, "must contain at least 1 address"));
  if (addresses.length > MAX_ADDRESSES) {
    errors.push(tooMany(place, addresses.length, MAX_ADDRESSES));
  }
  errors.push(...each(addresses, place, (address, at) => addressErrors(address, type, at)));
  const topology = `${path}.deprecatedTopology`;
  const count = Object.keys(deprecatedTopology).length;
  if (count > MAX_TOPOLOGY_LABELS) errors.push(tooMany(topology, count, MAX_TOPOLOGY_LABELS));
  errors.push(...labels(deprecatedTopology, topology));
  return hostname === undefined ? errors : [...errors, ...dnsLabel(hostname, `${path}.hostname`)];
}

function addressErrors(address: string, type: string, path: string): FieldError[] {
  switch (type) {
    case "IPv4":
    case "IPv6": {
      const family = parseIp(address)?.family;
      const expected = type === "IPv4" ? 4 : 6;
      const wrong = family === undefined || family !== expected;
      return [
        ...(wrong ? [invalid(path, address, `must be a valid ${type} address`)] : []),
        ...specialIpErrors(address, path),
      ];
    }
    case "IP":
      return ipErrors(address, path);
    case "FQDN":
      return fullyQualifiedErrors(address, path);
    default:
      return [];
  }
}

/** apimachinery pkg/util/validation IsFullyQualifiedDomainName, 1.34 */
function fullyQualifiedErrors(address: string, path: string): FieldError[] {
  if (address === "") return [required(path)];
  const name = address.endsWith(".") ? address.slice(0, -1) : address;
  const problems = dns1123Subdomain(name);
  if (problems.length > 0) return [invalid(path, name, problems.join(","))];
  if (!name.includes(".")) {
    const detail = "should be a domain with at least two segments separated by dots";
    return [invalid(path, name, detail)];
  }
  return [];
}

function portErrors(ports: readonly EndpointPort[]): FieldError[] {
  const names = new Set<string>();
  return each(ports, "ports", ({ name = "", protocol, appProtocol }, path) => {
    const errors = name === "" ? [] : dnsLabel(name, `${path}.name`);
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    const protocols = ["SCTP", "TCP", "UDP"];
    errors.push(
      ...(protocol === undefined
        ? [required(`${path}.protocol`)]
        : notSupportedIf(protocol, `${path}.protocol`, protocols)),
    );
    const at = `${path}.appProtocol`;
    return appProtocol === undefined ? errors : [...errors, ...qualified(appProtocol, at)];
  });
}
