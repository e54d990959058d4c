import {
  LOCAL_PATH_PROVISIONER,
  resourceByStorage,
  SYSTEM_PRIORITY_CLASSES,
} from "../api/index.js";
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

/** A control plane's own address: kube-apiserver's --advertise-address. Machines follow it. */
const API_ADDRESS = "172.18.0.1";

/** It keeps its own endpoints. pkg/controlplane/reconcilers/endpointsadapter.go and mastercount.go, 1.34 */
const API_ENDPOINTS = {
  metadata: { name: "kubernetes", labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
  subsets: [
    {
      addresses: [{ ip: API_ADDRESS }],
      ports: [{ name: "https", port: 6443, protocol: "TCP" }],
    },
  ],
};

const API_SLICE = {
  metadata: { name: "kubernetes", labels: { "kubernetes.io/service-name": "kubernetes" } },
  addressType: "IPv4",
  endpoints: [{ addresses: [API_ADDRESS], conditions: { ready: true } }],
  ports: [{ name: "https", port: 6443, protocol: "TCP" }],
};

/**
 * The cluster's DNS as kubeadm sets it up: cmd/kubeadm/app/phases/addons/dns/manifests.go, 1.34. The simulated network answers for it, so it has no
 * pods: a cluster begins empty.
 */
const DNS_SERVICE = {
  metadata: {
    name: "kube-dns",
    labels: {
      "k8s-app": "kube-dns",
      "kubernetes.io/cluster-service": "true",
      "kubernetes.io/name": "CoreDNS",
    },
    annotations: { "prometheus.io/port": "9153", "prometheus.io/scrape": "true" },
  },
  spec: {
    clusterIP: "10.96.0.10",
    selector: { "k8s-app": "kube-dns" },
    ports: [
      { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
      { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
      { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
    ],
  },
};

/** The default class of kind: volumes are directories of the node that a claim's first pod goes to. */
const DEFAULT_STORAGE_CLASS = {
  metadata: {
    name: "standard",
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  },
  provisioner: LOCAL_PATH_PROVISIONER,
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
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
  create(registry, "endpoints", "default", API_ENDPOINTS, "kube-apiserver");
  create(registry, "endpointslices.discovery.k8s.io", "default", API_SLICE, "kube-apiserver");
  create(registry, "services", "kube-system", DNS_SERVICE, "kubeadm");
  create(registry, "storageclasses.storage.k8s.io", "", DEFAULT_STORAGE_CLASS, "kubectl-create");
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
