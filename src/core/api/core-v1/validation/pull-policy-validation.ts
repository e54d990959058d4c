import { oneOf } from "../../meta/check.js";
import type { FieldError } from "../../meta/field-error.js";

export function validatePullPolicy(policy: string | undefined, path: string): FieldError[] {
  return oneOf(policy, path, ["Always", "IfNotPresent", "Never"]);
}
