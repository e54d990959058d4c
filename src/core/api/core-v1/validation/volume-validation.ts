import type { Volume } from "../../generated/core-v1.js";
import { dnsLabel, each } from "../../meta/check.js";
import { duplicate, forbidden, invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { quote } from "../../meta/go-format.js";
import { nameIsDnsSubdomain } from "../../meta/names.js";
import { compareQuantities, parseQuantity, ZERO_QUANTITY } from "../../meta/quantity.js";
import { validateClaimTemplate } from "./claim-spec-validation.js";
import type { VolumesByName } from "./mount-validation.js";
import {
  validateConfigMapSource,
  validateDownwardApiSource,
  validateProjectedSource,
  validateSecretSource,
} from "./projected-volume-validation.js";
import {
  ISCSI_TOO_LONG,
  isIscsiTooLong,
  validateAwsDisk,
  validateAzureDisk,
  validateAzureFile,
  validateCephFs,
  validateCinder,
  validateCsi,
  validateFibreChannel,
  validateFlexVolume,
  validateFlocker,
  validateGcePersistentDisk,
  validateGitRepo,
  validateGlusterfs,
  validateHostPath,
  validateIscsi,
  validateNfs,
  validatePhoton,
  validatePortworx,
  validateQuobyte,
  validateRbd,
  validateScaleIo,
  validateStorageOs,
  validateVsphere,
} from "./volume-source-validation.js";
import { validatePullPolicy } from "./pull-policy-validation.js";

type SourceField = Exclude<keyof Volume, "name">;
type SourceCheck = (volume: Volume, path: string, podName: string) => FieldError[];

interface SourceRule {
  readonly field: SourceField;
  /** Where Kubernetes reports that it is one source too many, when that is not `field`. */
  readonly extraField?: string;
  readonly check: SourceCheck;
}

/** A rule for a source that is there. @param errorField where Kubernetes reports what is wrong inside, when that is not `field` */
function rule<K extends SourceField>(
  field: K,
  check: (source: NonNullable<Volume[K]>, path: string) => FieldError[],
  errorField: string = field,
  extraField?: string,
): SourceRule {
  return {
    field,
    ...(extraField === undefined ? {} : { extraField }),
    check: (volume, path) => {
      const source = volume[field];
      return source ? check(source, `${path}.${errorField}`) : [];
    },
  };
}

/** In the order in which Kubernetes looks at them: the first source counts, each further one is refused. */
const SOURCES: readonly SourceRule[] = [
  rule("emptyDir", ({ sizeLimit }, path) => {
    const negative =
      sizeLimit !== undefined && compareQuantities(parseQuantity(sizeLimit), ZERO_QUANTITY) < 0;
    const detail = "SizeLimit field must be a valid resource quantity";
    return negative ? [forbidden(`${path}.sizeLimit`, detail)] : [];
  }),
  rule("hostPath", validateHostPath),
  rule("gitRepo", validateGitRepo),
  rule("gcePersistentDisk", validateGcePersistentDisk, "persistentDisk"),
  rule("awsElasticBlockStore", validateAwsDisk),
  rule("secret", validateSecretSource),
  rule("nfs", validateNfs),
  {
    field: "iscsi",
    check: ({ name, iscsi }, path) =>
      iscsi === undefined
        ? []
        : [
            ...validateIscsi(iscsi, `${path}.iscsi`),
            ...(isIscsiTooLong(name, iscsi) ? [invalid(`${path}.name`, name, ISCSI_TOO_LONG)] : []),
          ],
  },
  rule("glusterfs", validateGlusterfs),
  rule("flocker", validateFlocker),
  rule("persistentVolumeClaim", ({ claimName }, path) =>
    claimName === "" ? [required(`${path}.claimName`)] : [],
  ),
  rule("rbd", validateRbd),
  rule("cinder", validateCinder),
  rule("cephfs", validateCephFs, "cephfs", "cephFS"),
  rule("quobyte", validateQuobyte),
  rule("downwardAPI", validateDownwardApiSource, "downwardAPI", "downwarAPI"),
  rule("fc", validateFibreChannel),
  rule("flexVolume", validateFlexVolume),
  rule("configMap", validateConfigMapSource),
  rule("azureFile", validateAzureFile),
  rule("vsphereVolume", validateVsphere),
  rule("photonPersistentDisk", validatePhoton),
  rule("portworxVolume", validatePortworx),
  rule("azureDisk", validateAzureDisk),
  rule("storageos", validateStorageOs),
  rule("projected", validateProjectedSource),
  rule("scaleIO", validateScaleIo),
  rule("csi", validateCsi),
  {
    field: "ephemeral",
    check: ({ name, ephemeral }, path, podName) => [
      ...(ephemeral?.volumeClaimTemplate === undefined
        ? [required(`${path}.ephemeral.volumeClaimTemplate`)]
        : validateClaimTemplate(
            ephemeral.volumeClaimTemplate,
            `${path}.ephemeral.volumeClaimTemplate`,
          )),
      ...claimNameErrors(podName, name, path),
    ],
  },
  rule("image", ({ reference = "", pullPolicy }, path) => [
    ...(reference === "" ? [required(`${path}.reference`)] : []),
    ...validatePullPolicy(pullPolicy, `${path}.pullPolicy`),
  ]),
];

/**
 * VAL-17. pkg/apis/core/validation/validation.go ValidateVolumes, 1.34
 * @param podName '' where it is not known (templates)
 * @returns what is wrong, and the valid volumes that containers may mount
 */
export function validateVolumes(
  volumes: readonly Volume[],
  podName: string,
  path: string,
): { readonly errors: FieldError[]; readonly volumes: VolumesByName } {
  const valid = new Map<string, Volume>();
  const created = new Set(
    volumes
      .filter(({ ephemeral }) => podName !== "" && ephemeral !== undefined)
      .map(({ name }) => `${podName}-${name}`),
  );
  const errors = each(volumes, path, (volume, volumePath) => {
    const found = [
      ...sourceErrors(volume, volumePath, podName),
      ...(volume.name === ""
        ? [required(`${volumePath}.name`)]
        : dnsLabel(volume.name, `${volumePath}.name`)),
    ];
    if (valid.has(volume.name)) found.push(duplicate(`${volumePath}.name`, volume.name));
    if (found.length === 0) valid.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && created.has(claim)) {
      const detail = "must not reference a PVC that gets created for an ephemeral volume";
      found.push(invalid(`${volumePath}.persistentVolumeClaim.claimName`, claim, detail));
    }
    return found;
  });
  return { errors, volumes: valid };
}

function sourceErrors(volume: Volume, path: string, podName: string): FieldError[] {
  const present = SOURCES.filter(({ field }) => volume[field] !== undefined);
  if (present.length === 0) return [required(path, "must specify a volume type")];
  return present.flatMap(({ field, extraField, check }, index) =>
    index === 0
      ? check(volume, path, podName)
      : [forbidden(`${path}.${extraField ?? field}`, "may not specify more than 1 volume type")],
  );
}

function claimNameErrors(podName: string, volumeName: string, path: string): FieldError[] {
  if (podName === "" || volumeName === "") return [];
  const claim = `${podName}-${volumeName}`;
  return nameIsDnsSubdomain(claim, false).map((problem) =>
    invalid(`${path}.name`, volumeName, `PVC name ${quote(claim)}: ${problem}`),
  );
}
