import { parseImageReference } from "../../api/index.js";

/** Puts `:latest` behind a name with neither tag nor digest. pkg/kubelet/images/helpers.go, 1.34: applyDefaultImageTag. */
export function withDefaultTag(
  image: string,
): { readonly error: null; readonly image: string } | { readonly error: string } {
  const parsed = parseImageReference(image);
  if (!parsed.ok) return { error: `couldn't parse image name "${image}": ${parsed.message}` };
  const { tag, digest } = parsed.reference;
  const isBare = digest === "" && !image.endsWith(`:${tag}`);
  return { error: null, image: isBare ? `${image}:${tag}` : image };
}
