import type { KubeObject } from "../api/index.js";
import { withoutFields } from "./without-fields.js";

/** API-18: an object with the status of another. */
export const withStatusOf = <T extends KubeObject>(object: T, other: KubeObject): T => {
  const { status } = other as { readonly status?: unknown };
  if ((object as { readonly status?: unknown }).status === status) return object;
  if (status !== undefined) return { ...object, status };
  return withoutFields(object as T & { status?: unknown }, "status") as unknown as T;
};
