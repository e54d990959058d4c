import { forbidden, notFound, type KubeObject, type Namespace } from "../../api/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

/** apiserver admission/plugin/namespace/lifecycle/admission.go, 1.34 */
const IMMORTAL = ["default", "kube-system", "kube-public"];

/** API-3: nothing is made in a namespace that is not there or on its way out. */
export const checkNamespaceForCreate = (object: KubeObject, context: WriteContext): void => {
  const { namespace, store, resource } = context;
  if (namespace === "") return;
  const found = store.get("namespaces", "", namespace) as Namespace | undefined;
  if (found === undefined) throw notFound("namespaces", namespace);
  if (found.status.phase !== "Terminating") return;
  throw admissionForbids(
    resource,
    object,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  );
};

export const checkNamespaceDeletion = (name: string, { resource }: WriteContext): void => {
  if (resource.storage === "namespaces" && IMMORTAL.includes(name)) {
    throw forbidden("namespaces", name, "this namespace may not be deleted");
  }
};
