/** Where the kubelet keeps what belongs to a pod, in the node's file system. pkg/kubelet/kubelet_getters.go and kuberuntime/helpers.go, 1.34. */

export const podDirectory = (podUid: string): string => `/var/lib/kubelet/pods/${podUid}`;

export const volumeDirectory = (podUid: string, plugin: string, volume: string): string =>
  `${podDirectory(podUid)}/volumes/${plugin}/${volume}`;

export const etcHostsPath = (podUid: string): string => `${podDirectory(podUid)}/etc-hosts`;

export const containerLogDirectory = (
  pod: { readonly namespace: string; readonly name: string; readonly uid: string },
  container: string,
): string => `/var/log/pods/${pod.namespace}_${pod.name}_${pod.uid}/${container}`;
