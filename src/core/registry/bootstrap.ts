import { resourceByStorage, SYSTEM_PRIORITY_CLASSES } from "../api/index.js";
import type { Registry } from "./registry.js";

/** kube-apiserver makes them at its start. pkg/controlplane/controller/systemnamespaces/system_namespaces_controller.go, 1.34 */
const SYSTEM_NAMESPACES = ["kube-system", "kube-public", "kube-node-lease", "default"];

/** Where pods find the API. pkg/controlplane/controller/kubernetesservice/controller.go, 1.34 */
const API_SERVICE = {
  metadata: { name: "kubernetes", labels: { component: "apiserver", provider: "kubernetes" } },
  spec: {
    type: "ClusterIP",
    clusterIP: "10.96.0.1",
    clusterIPs: ["10.96.0.1"],
    ipFamilyPolicy: "SingleStack",
    sessionAffinity: "None",
    ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
  },
};

/** What is in every cluster from the start. For an empty store only. */
export const bootstrap = (registry: Registry): void => {
  for (const name of SYSTEM_NAMESPACES) {
    create(registry, "namespaces", "", { metadata: { name }, spec: {} }, "kube-apiserver");
  }
  for (const { name, ...fields } of SYSTEM_PRIORITY_CLASSES) {
    const priorityClass = { metadata: { name }, ...fields };
    create(registry, "priorityclasses.scheduling.k8s.io", "", priorityClass, "kube-apiserver");
  }
  create(registry, "services", "default", API_SERVICE, "kube-apiserver");
  // The controller manager would make them a moment later; from here on it does.
  for (const name of SYSTEM_NAMESPACES) {
    const account = { metadata: { name: "default" } };
    create(registry, "serviceaccounts", name, account, "kube-controller-manager");
  }
};

const create = (
  registry: Registry,
  storage: string,
  namespace: string,
  body: unknown,
  fieldManager: string,
): void => {
  registry.execute({
    verb: "create",
    resource: resourceByStorage(storage),
    namespace,
    body,
    options: { fieldManager },
  });
};
