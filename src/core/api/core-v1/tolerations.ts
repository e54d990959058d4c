import type { Taint, Toleration } from "../generated/core-v1.js";

/** staging/src/k8s.io/api/core/v1/toleration.go, 1.34: an empty key with Exists tolerates every taint, an empty effect every effect. */
export const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (
    toleration.effect !== undefined &&
    toleration.effect !== "" &&
    toleration.effect !== taint.effect
  )
    return false;
  if (toleration.key !== undefined && toleration.key !== "" && toleration.key !== taint.key)
    return false;
  switch (toleration.operator ?? "Equal") {
    case "Exists":
      return true;
    case "":
    case "Equal":
      return (toleration.value ?? "") === (taint.value ?? "");
    default:
      return false;
  }
};

export const isTolerated = (
  taint: Taint,
  tolerations: readonly Toleration[] | undefined,
): boolean => (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
