import type { Event } from "../../generated/core-v1.js";
import { dnsSubdomain, messages } from "../../meta/check.js";
import { invalid, required } from "../../meta/field-error.js";
import type { FieldError } from "../../meta/field-error.js";
import { byteLength } from "../../meta/go-format.js";
import { nameIsDnsSubdomain, qualifiedName } from "../../meta/names.js";
import {
  validateImmutable,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../../meta/object-meta-validation.js";
import { semanticEqual } from "../../meta/semantic-equal.js";

/**
 * Events in their stored form, core/v1. pkg/apis/core/validation/events.go, 1.34
 * @param strict the request came through events.k8s.io/v1
 */
export function validateEventCreate(event: Event, strict: boolean): FieldError[] {
  const errors = legacyErrors(event);
  if (!strict) return errors;
  errors.push(...validateObjectMeta(event.metadata, true, nameIsDnsSubdomain));
  errors.push(...seriesErrors(event));
  if (!isSet(event.eventTime)) errors.push(required("eventTime"));
  const { type = "" } = event;
  if (type !== "Normal" && type !== "Warning") {
    errors.push(invalid("type", "", `has invalid value: ${type}`));
  }
  const unwanted = {
    firstTimestamp: isSet(event.firstTimestamp),
    lastTimestamp: isSet(event.lastTimestamp),
    count: (event.count ?? 0) !== 0,
    source: isSet(event.source?.component) || isSet(event.source?.host),
  };
  return [
    ...errors,
    ...Object.entries(unwanted).flatMap(([field, set]) =>
      set ? [invalid(field, "", "needs to be unset")] : [],
    ),
  ];
}

const FIXED_FIELDS = [
  ["involvedObject", "involvedObject"],
  ["reason", "reason"],
  ["message", "message"],
  ["source", "source"],
  ["firstTimestamp", "firstTimestamp"],
  ["lastTimestamp", "lastTimestamp"],
  ["count", "count"],
  ["type", "type"],
  ["eventTime", "eventTime"],
  ["action", "action"],
  ["related", "related"],
  ["reportingComponent", "reportingController"],
  ["reportingInstance", "reportingInstance"],
] as const;

export function validateEventUpdate(next: Event, previous: Event, strict: boolean): FieldError[] {
  const errors = legacyErrors(next);
  if (!strict) return errors;
  return [
    ...errors,
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...(semanticEqual(next.series, previous.series) ? [] : seriesErrors(next)),
    ...FIXED_FIELDS.flatMap(([field, path]) =>
      validateImmutable(next[field], previous[field], path),
    ),
  ];
}

const MAX_FIELD_BYTES = 128;
const MAX_NOTE_BYTES = 1024;

function legacyErrors(event: Event): FieldError[] {
  const { namespace } = event.metadata;
  const involved = event.involvedObject.namespace ?? "";
  const mismatch = invalid("involvedObject.namespace", involved, "does not match event.namespace");
  const errors: FieldError[] = [];
  if (isSet(event.eventTime)) {
    const free = namespace === "default" || namespace === "kube-system";
    if (involved === "" && !free) errors.push(mismatch);
    errors.push(...reporterErrors(event));
  } else {
    // Older clients put events about cluster-scoped objects into default.
    const matches = involved === "" ? ["", "default"].includes(namespace) : involved === namespace;
    if (!matches) errors.push(mismatch);
  }
  return [...errors, ...dnsSubdomain(namespace, "namespace")];
}

function reporterErrors(event: Event): FieldError[] {
  const controller = event.reportingComponent ?? "";
  const { reportingInstance = "", action = "", reason = "", message = "" } = event;
  const short = { reportingInstance, action, reason };
  return [
    ...(controller === "" ? [required("reportingController")] : []),
    ...messages("reportingController", controller, qualifiedName(controller)),
    ...Object.entries(short).flatMap(([field, value]) => [
      ...(value === "" ? [required(field)] : []),
      ...tooManyCharacters(value, MAX_FIELD_BYTES, field),
    ]),
    ...tooManyCharacters(message, MAX_NOTE_BYTES, "message"),
  ];
}

function tooManyCharacters(value: string, maximum: number, path: string): FieldError[] {
  if (byteLength(value) <= maximum) return [];
  return [invalid(path, "", `can have at most ${String(maximum)} characters`)];
}

function seriesErrors({ series }: Event): FieldError[] {
  if (series === undefined) return [];
  return [
    ...((series.count ?? 0) < 2 ? [invalid("series.count", "", "should be at least 2")] : []),
    ...(isSet(series.lastObservedTime) ? [] : [required("series.lastObservedTime")]),
  ];
}

function isSet(value: string | null | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}
