import type { KubeObject, ResourceDefinition } from "../../core/api/index.js";
import { partialMetadataOf } from "../../core/printers/index.js";
import type { ObjectList, StatusBody } from "../cluster-port.js";
import { notConvertible } from "../refusals.js";
import type { Conversion } from "./media-type.js";

export const META_VERSIONS: ReadonlySet<string> = new Set(["v1", "v1beta1"]);
const META_KINDS: ReadonlySet<string> = new Set([
  "Table",
  "PartialObjectMetadata",
  "PartialObjectMetadataList",
]);

/** What resource endpoints can turn their answers into. handlers/rest.go `AllowsMediaTypeTransform`, 1.34. */
export function isMetaConversion({ kind, group, version }: Conversion): boolean {
  return group === "meta.k8s.io" && META_VERSIONS.has(version) && META_KINDS.has(kind);
}

export function isStatus(body: KubeObject | ObjectList | StatusBody): body is StatusBody {
  return body.kind === "Status" && body.apiVersion === "v1";
}

export function isList(
  body: KubeObject | ObjectList,
  definition: ResourceDefinition,
): body is ObjectList {
  return body.kind === definition.listKind && "items" in body;
}

/** An object reduced to its metadata; a list stays a list. @throws StatusError 406. */
export function asPartialMetadata(
  body: KubeObject | ObjectList,
  definition: ResourceDefinition,
  { kind, version }: Conversion,
): unknown {
  const apiVersion = `meta.k8s.io/${version}`;
  const wantsList = kind === "PartialObjectMetadataList";
  if (isList(body, definition)) {
    if (!wantsList)
      throw notConvertible(
        `you requested PartialObjectMetadata, but the requested object is a list (${goType(definition, definition.listKind)})`,
      );
    const items = body.items.map((item) => partialMetadataOf(item, apiVersion));
    return { kind, apiVersion, metadata: body.metadata, items };
  }
  if (wantsList)
    throw notConvertible(
      `you requested PartialObjectMetadataList, but the requested object is not a list (${goType(definition, definition.kind)})`,
    );
  return partialMetadataOf(body, apiVersion);
}

function goType({ group }: ResourceDefinition, kind: string): string {
  return `*${group.split(".")[0] || "core"}.${kind}`;
}
