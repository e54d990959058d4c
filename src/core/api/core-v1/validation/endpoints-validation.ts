import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Endpoints,
} from "../../generated/core-v1.js";
import { dnsLabel, dnsSubdomain, each, messages, oneOf, qualified } from "../../meta/check.js";
import { required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { ipErrors, specialIpErrors } from "../../meta/ip.js";
import { nameIsDnsSubdomain, portNumber } from "../../meta/names.js";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import { PROTOCOLS } from "./container-validation.js";

/** pkg/apis/core/validation/validation.go ValidateEndpoints, 1.34 */
export function validateEndpointsCreate(endpoints: Endpoints): FieldError[] {
  return [
    ...validateObjectMeta(endpoints.metadata, true, nameIsDnsSubdomain),
    ...each(endpoints.subsets, "subsets", subsetErrors),
  ];
}

export function validateEndpointsUpdate(next: Endpoints, previous: Endpoints): FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateEndpointsCreate(next),
  ];
}

function subsetErrors(
  { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  path: string,
): FieldError[] {
  const empty = addresses.length === 0 && notReadyAddresses.length === 0;
  const missing = required(path, "must specify `addresses` or `notReadyAddresses`");
  return [
    ...(empty ? [missing] : []),
    ...each(addresses, `${path}.addresses`, addressErrors),
    ...each(notReadyAddresses, `${path}.notReadyAddresses`, addressErrors),
    ...each(ports, `${path}.ports`, (port, place) => portErrors(port, ports.length > 1, place)),
  ];
}

function addressErrors(
  { ip, hostname = "", nodeName }: EndpointAddress,
  path: string,
): FieldError[] {
  return [
    ...ipErrors(ip, `${path}.ip`),
    ...(hostname === "" ? [] : dnsLabel(hostname, `${path}.hostname`)),
    ...(nodeName === undefined ? [] : dnsSubdomain(nodeName, `${path}.nodeName`)),
    ...specialIpErrors(ip, `${path}.ip`),
  ];
}

function portErrors(
  { name = "", port, protocol, appProtocol }: EndpointPort,
  requireName: boolean,
  path: string,
): FieldError[] {
  const errors = name === "" ? [] : dnsLabel(name, `${path}.name`);
  if (name === "" && requireName) errors.push(required(`${path}.name`));
  return [
    ...errors,
    ...messages(`${path}.port`, port, portNumber(port)),
    ...oneOf(protocol, `${path}.protocol`, PROTOCOLS),
    ...(appProtocol === undefined ? [] : qualified(appProtocol, `${path}.appProtocol`)),
  ];
}
