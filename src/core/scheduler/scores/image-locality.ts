import { MAX_SCORE, type Score } from "./score.js";

/** pkg/scheduler/framework/plugins/imagelocality/image_locality.go, 1.34: minThreshold and maxContainerThreshold. */
const MIN_THRESHOLD_BYTES = 23 * 1024 * 1024;
const MAX_CONTAINER_THRESHOLD_BYTES = 1000 * 1024 * 1024;

/** Prefers nodes that hold the pod's images already. */
export const imageLocality: Score = {
  plugin: "ImageLocality",
  weight: 1,
  scale: "as-is",
  rate({ pod }, node) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    let bytes = 0;
    for (const { image } of containers) bytes += node.images.get(withTag(image ?? "")) ?? 0;
    const maxThreshold = MAX_CONTAINER_THRESHOLD_BYTES * containers.length;
    const bounded = Math.min(Math.max(bytes, MIN_THRESHOLD_BYTES), maxThreshold);
    return Math.floor(
      (MAX_SCORE * (bounded - MIN_THRESHOLD_BYTES)) / (maxThreshold - MIN_THRESHOLD_BYTES),
    );
  },
};

const withTag = (image: string): string =>
  image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
