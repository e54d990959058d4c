import {
  names,
  type Container,
  type Pod,
  type ServiceAccount,
  type Volume,
  type VolumeMount,
} from "../../api/index.js";
import { admissionForbids } from "../refusals.js";
import type { WriteContext } from "../strategy.js";

const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const VOLUME_PREFIX = "kube-api-access-";
/** pkg/serviceaccount: one hour and 7 seconds, by which the kubelet's own tokens are known. */
const TOKEN_SECONDS = 3607;
const FILE_MODE = 0o644;
const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/** DEF-9: every pod has an account, and its token by default. plugin/pkg/admission/serviceaccount/admission.go, 1.34 */
export const withServiceAccount = (pod: Pod, context: WriteContext): Pod => {
  if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return pod;
  const name = orElse(pod.spec.serviceAccountName, "default");
  const account = accountOf(name, pod, context);
  const named: Pod = {
    ...pod,
    spec: { ...pod.spec, serviceAccountName: name, serviceAccount: name },
  };
  const mounts = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken;
  const mounted = mounts === false ? named : withToken(named, context);
  const { imagePullSecrets = [] } = pod.spec;
  if (imagePullSecrets.length > 0 || (account.imagePullSecrets ?? []).length === 0) return mounted;
  return {
    ...mounted,
    spec: { ...mounted.spec, imagePullSecrets: account.imagePullSecrets ?? [] },
  };
};

const orElse = (text: string | undefined, other: string): string =>
  text === undefined || text === "" ? other : text;

/** @throws StatusError 403 when there is none of that name. */
const accountOf = (name: string, pod: Pod, context: WriteContext): ServiceAccount => {
  const { namespace, store, resource } = context;
  const account = store.get("serviceaccounts", namespace, name);
  if (account !== undefined) return account as ServiceAccount;
  throw admissionForbids(
    resource,
    pod,
    `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
  );
};

const withToken = (pod: Pod, context: WriteContext): Pod => {
  const volumes = pod.spec.volumes ?? [];
  const existing = volumes.find((volume) => volume.name.startsWith(VOLUME_PREFIX));
  const needsMount = (container: Container): boolean =>
    container.volumeMounts?.some((mount) => mount.mountPath === TOKEN_PATH) !== true;
  const { containers, initContainers } = pod.spec;
  if (![...containers, ...(initContainers ?? [])].some(needsMount)) return pod;
  const random = context.environment.random("registry/volume-names");
  const name =
    existing?.name ??
    names.generateName(VOLUME_PREFIX, (length, alphabet) => random.characters(length, alphabet));
  const mount: VolumeMount = { mountPath: TOKEN_PATH, name, readOnly: true };
  const withMount = (container: Container): Container =>
    needsMount(container)
      ? { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] }
      : container;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(withMount),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withMount) }),
      ...(existing === undefined ? { volumes: [...volumes, tokenVolume(name)] } : {}),
    },
  };
};

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    defaultMode: FILE_MODE,
    sources: [
      { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
      { configMap: { items: [{ key: "ca.crt", path: "ca.crt" }], name: "kube-root-ca.crt" } },
      {
        downwardAPI: {
          items: [
            { fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" }, path: "namespace" },
          ],
        },
      },
    ],
  },
});
