import type { KubeObject } from "../../api/index.js";
import type { WriteContext } from "../strategy.js";
import { checkNamespaceDeletion, checkNamespaceForCreate } from "./namespace-lifecycle.js";

/** The admission chain in the order of pkg/kubeapiserver/options/plugins.go, 1.34: what a new object becomes before it is validated. */
export const admitCreate = (object: KubeObject, context: WriteContext): KubeObject => {
  checkNamespaceForCreate(object, context);
  return object;
};

export const admitUpdate = (
  next: KubeObject,
  _previous: KubeObject,
  _context: WriteContext,
): KubeObject => next;

export const admitDelete = (name: string, context: WriteContext): void => {
  checkNamespaceDeletion(name, context);
};
