import type { Service } from "../../generated/core-v1.js";
import type { FieldError } from "../../meta/field-error.js";
import { validateObjectMetaUpdate } from "../../meta/object-meta-validation.js";
import {
  unchangedHealthCheckPort,
  unchangedLoadBalancerClass,
  validateClusterIpChange,
} from "./service-ip-validation.js";
import { needsHealthCheck, validateServiceCreate } from "./service-validation.js";

/** pkg/apis/core/validation/validation.go ValidateServiceUpdate, 1.34 */
export function validateServiceUpdate(next: Service, previous: Service): FieldError[] {
  const checked = needsHealthCheck(next) && needsHealthCheck(previous);
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateClusterIpChange(next, previous),
    ...unchangedLoadBalancerClass(next, previous),
    ...(checked ? unchangedHealthCheckPort(next, previous) : []),
    ...validateServiceCreate(next),
  ];
}
