import type { Pod, Toleration } from "../../api/index.js";

/** kube-apiserver --default-not-ready-toleration-seconds and --default-unreachable-toleration-seconds, 1.34 */
const DEFAULT_SECONDS = 300;
const KEYS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] as const;

/** DEF-8: how long a pod stays on a node that is gone. plugin/pkg/admission/defaulttolerationseconds/admission.go, 1.34 */
export const withDefaultTolerations = (pod: Pod): Pod => {
  const own = pod.spec.tolerations ?? [];
  const missing = KEYS.filter((key) => !own.some((toleration) => covers(toleration, key)));
  if (missing.length === 0) return pod;
  const added = missing.map((key): Toleration => ({
    effect: "NoExecute",
    key,
    operator: "Exists",
    tolerationSeconds: DEFAULT_SECONDS,
  }));
  return { ...pod, spec: { ...pod.spec, tolerations: [...own, ...added] } };
};

const covers = ({ key = "", effect = "" }: Toleration, taint: string): boolean =>
  (key === taint || key === "") && (effect === "NoExecute" || effect === "");
