import type {
  ClusterTrustBundleProjection,
  ConfigMapVolumeSource,
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  KeyToPath,
  ProjectedVolumeSource,
  SecretVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from "../../generated/core-v1.js";
import { each, requiredText } from "../../meta/check.js";
import { forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { validateLabelSelector } from "../../meta/label-selector-validation.js";
import { validateFieldRef, validateResourceFieldRef } from "./downward-field-validation.js";
import { fileMode, localNonReservedPath } from "./paths.js";

/** Volumes of files that the kubelet writes. pkg/apis/core/validation/validation.go, 1.34 */

const FILE_FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;

export function validateSecretSource(source: SecretVolumeSource, path: string): FieldError[] {
  return [
    ...requiredText(source.secretName, `${path}.secretName`),
    ...fileMode(source.defaultMode, `${path}.defaultMode`),
    ...each(source.items, `${path}.items`, validateKeyToPath),
  ];
}

export function validateConfigMapSource(source: ConfigMapVolumeSource, path: string): FieldError[] {
  return [
    ...requiredText(source.name, `${path}.name`),
    ...fileMode(source.defaultMode, `${path}.defaultMode`),
    ...each(source.items, `${path}.items`, validateKeyToPath),
  ];
}

/** Kubernetes reports files of this volume at the volume, without their index. */
export function validateDownwardApiSource(
  source: DownwardAPIVolumeSource,
  path: string,
): FieldError[] {
  return [
    ...fileMode(source.defaultMode, `${path}.defaultMode`),
    ...(source.items ?? []).flatMap((file) => downwardFileErrors(file, path)),
  ];
}

export function validateProjectedSource(source: ProjectedVolumeSource, path: string): FieldError[] {
  const paths = new Set<string>();
  const claim = (file: string, value: string): FieldError[] => {
    const taken = paths.has(file);
    paths.add(file);
    return taken ? [invalid(path, value, "conflicting duplicate paths")] : [];
  };
  return [
    ...fileMode(source.defaultMode, `${path}.defaultMode`),
    ...each(source.sources, `${path}.sources`, (projection, place) =>
      projectionErrors(projection, place, path, claim),
    ),
  ];
}

type ClaimPath = (file: string, value: string) => FieldError[];

function projectionErrors(
  projection: VolumeProjection,
  place: string,
  volumePath: string,
  claim: ClaimPath,
): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
  const errors: FieldError[] = [];
  for (const [field, keyed] of Object.entries({ secret, configMap })) {
    if (keyed === undefined) continue;
    const name = keyed.name ?? "";
    errors.push(...requiredText(name, `${place}.${field}.name`));
    errors.push(
      ...each(keyed.items, `${place}.${field}.items`, (item, itemPath) => [
        ...validateKeyToPath(item, itemPath),
        ...(item.path === "" ? [] : claim(item.path, name)),
      ]),
    );
  }
  for (const file of downwardAPI?.items ?? []) {
    errors.push(...downwardFileErrors(file, `${place}.downwardAPI`));
    if (file.path !== "") errors.push(...claim(file.path, file.path));
  }
  if (serviceAccountToken !== undefined) {
    const token = `${place}.serviceAccountToken`;
    errors.push(...tokenErrors(serviceAccountToken, token, volumePath));
  }
  if (clusterTrustBundle !== undefined) {
    const { path } = clusterTrustBundle;
    errors.push(...trustBundleErrors(clusterTrustBundle, `${place}.clusterTrustBundle`));
    errors.push(...claim(path, path));
  }
  const sources = Object.values(projection).filter((value) => value !== undefined).length;
  if (sources > 1) {
    errors.push(forbidden(place, "may not specify more than 1 volume type per source"));
  }
  return errors;
}

function validateKeyToPath(item: KeyToPath, path: string): FieldError[] {
  return [
    ...requiredText(item.key, `${path}.key`),
    ...requiredText(item.path, `${path}.path`),
    ...localNonReservedPath(item.path, `${path}.path`),
    ...fileMode(item.mode, `${path}.mode`),
  ];
}

function downwardFileErrors(file: DownwardAPIVolumeFile, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef } = file;
  const errors = [
    ...requiredText(file.path, `${path}.path`),
    ...localNonReservedPath(file.path, `${path}.path`),
  ];
  if (fieldRef !== undefined) {
    errors.push(...validateFieldRef(fieldRef, FILE_FIELDS, `${path}.fieldRef`));
    if (resourceFieldRef !== undefined) {
      const detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
      errors.push(invalid(path, "resource", detail));
    }
  } else if (resourceFieldRef !== undefined) {
    const reference = `${path}.resourceFieldRef`;
    errors.push(...validateResourceFieldRef(resourceFieldRef, reference, true));
  } else errors.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  return [...errors, ...fileMode(file.mode, `${path}.mode`)];
}

function tokenErrors(
  token: ServiceAccountTokenProjection,
  place: string,
  volumePath: string,
): FieldError[] {
  const seconds = token.expirationSeconds ?? 0;
  const errors: FieldError[] = [];
  if (seconds < MIN_TOKEN_SECONDS) {
    const detail = "may not specify a duration less than 10 minutes";
    errors.push(invalid(`${place}.expirationSeconds`, seconds, detail));
  }
  if (seconds > MAX_TOKEN_SECONDS) {
    const detail = "may not specify a duration larger than 2^32 seconds";
    errors.push(invalid(`${place}.expirationSeconds`, seconds, detail));
  }
  // The path of the token is reported at the volume.
  return token.path === ""
    ? [...errors, required(`${volumePath}.path`)]
    : [...errors, ...localNonReservedPath(token.path, `${volumePath}.path`)];
}

function trustBundleErrors(bundle: ClusterTrustBundleProjection, path: string): FieldError[] {
  const { name, signerName, labelSelector } = bundle;
  const errors: FieldError[] = [];
  if (name !== undefined && signerName !== undefined) {
    errors.push(invalid(path, bundle, "only one of name and signerName may be used"));
  } else if (name !== undefined) {
    if (name === "") errors.push(required(`${path}.name`, "must be a valid object name"));
    if (labelSelector !== undefined) {
      const detail = "labelSelector must be unset if name is specified";
      errors.push(invalid(`${path}.labelSelector`, labelSelector, detail));
    }
  } else if (signerName !== undefined) {
    const detail = "must be a valid signer name";
    if (signerName === "") errors.push(required(`${path}.signerName`, detail));
    errors.push(...validateLabelSelector(labelSelector, `${path}.labelSelector`));
  } else errors.push(required(path, "either name or signerName must be specified"));
  return [
    ...errors,
    ...requiredText(bundle.path, `${path}.path`),
    ...localNonReservedPath(bundle.path, `${path}.path`),
  ];
}
