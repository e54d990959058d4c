import type { ApiGroup } from "../discovery/api-groups.js";
import type { ApiPath } from "./operation.js";
import { groupTag, groupTitle, versionPath } from "./resource-paths.js";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const JSON_TYPES = ["application/json", "application/yaml"];

/** The paths of discovery. Their trailing slash is Kubernetes'. */
export function versionInfoPath(): ApiPath {
  return read("/version/", "getCodeVersion", "version", "io.k8s.apimachinery.pkg.version.Info");
}

/** `/api/` */
export function corePath(): ApiPath {
  return read("/api/", "getCoreAPIVersions", "core", `${META}.APIVersions`);
}

/** `/apis/` */
export function groupListPath(): ApiPath {
  return read("/apis/", "getAPIVersions", "apis", `${META}.APIGroupList`);
}

/** `/apis/apps/` */
export function groupPath({ name }: ApiGroup): ApiPath {
  const id = `get${groupTitle(name)}APIGroup`;
  return read(`/apis/${name}/`, id, groupTag(name), `${META}.APIGroup`);
}

/** `/apis/apps/v1/` */
export function groupVersionPath(group: string, version: string): ApiPath {
  const title = groupTitle(group) + version.charAt(0).toUpperCase() + version.slice(1);
  const path = `${versionPath(group, version)}/`;
  const tag = groupTag(group, version);
  return read(path, `get${title}APIResources`, tag, `${META}.APIResourceList`);
}

function read(path: string, operationId: string, tag: string, schema: string): ApiPath {
  return {
    path,
    parameters: [],
    operations: [
      {
        method: "get",
        operationId,
        description: `discovery: ${schema.replace(/^.*\./, "")}`,
        tag,
        parameters: [],
        produces: JSON_TYPES,
        responses: { 200: { schema } },
      },
    ],
  };
}
