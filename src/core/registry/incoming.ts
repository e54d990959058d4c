import {
  decode,
  defaultObject,
  strictDecodingError,
  unknownFieldTexts,
  type KubeObject,
  type ManagedFieldsEntry,
  type Pod,
} from "../api/index.js";
import type { WriteOptions } from "./api-request.js";
import { withMetadata } from "./object-metadata.js";
import { withOwnersOnce } from "./owner-references.js";
import { updateManagedFields } from "./patch/index.js";
import type { WriteContext } from "./strategy.js";
import { sharing } from "./structure-sharing.js";

/**
 * The object that a POST brings: decoded, with defaults, and with its fields owned by who sent it.
 * @throws StatusError 400 in the words of the decoder.
 */
export const readNewObject = (
  body: unknown,
  options: WriteOptions,
  context: WriteContext,
): KubeObject => {
  const decoded = withDefaults(decodeBody(body, options, context), context);
  return withOwners(null, withOwnersOnce(decoded, context, ""), options, context);
};

/** The object that a PUT or a patch makes of `current`; it shares with it all that stays the same. */
export const readChangedObject = (
  body: unknown,
  current: KubeObject,
  options: WriteOptions,
  context: WriteContext,
  strictness: Strictness = {},
): KubeObject => {
  if (body === current) {
    reportStrictErrors([], options, context, strictness);
    return current;
  }
  const decoded = decodeBody(body, options, context, strictness, current);
  const object = sharing(current, withDefaultsSince(current, decoded, context));
  return withOwners(current, object, options, context);
};

/** The outcome of an apply, which says itself who owns what. @param live null when there is no object yet */
export const readAppliedObject = (
  merged: object,
  live: KubeObject | null,
  options: WriteOptions,
  context: WriteContext,
): KubeObject => {
  if (merged === live) return live;
  if (live === null) return withDefaults(decodeBody(merged, options, context), context);
  const decoded = decodeBody(merged, options, context, {}, live);
  return sharing(live, withDefaultsSince(live, decoded, context));
};

/** What a patch adds to strict decoding: errors of its own, and other words for the refusal. */
interface Strictness {
  readonly strictErrors?: readonly string[];
  readonly refuseStrict?: (texts: readonly string[]) => Error;
}

/** Unknown fields are refused, reported or ignored. apiserver endpoints/handlers/rest.go fieldValidation, 1.34: `Warn` by default. */
const reportStrictErrors = (
  unknownFields: readonly string[],
  options: WriteOptions,
  { resource, warnings }: WriteContext,
  { strictErrors = [], refuseStrict }: Strictness = {},
): void => {
  const shownByText = options.strictErrors ?? [];
  const texts = [...shownByText, ...strictErrors, ...unknownFieldTexts(unknownFields)];
  if (texts.length === 0) return;
  switch (options.fieldValidation ?? "Warn") {
    case "Ignore":
      return;
    case "Warn":
      warnings.push(...texts);
      return;
    case "Strict":
      throw refuseStrict?.(texts) ?? strictDecodingError(resource, texts);
  }
};

/** @param known the object as it is: what components and patches make of it shares most of it */
const decodeBody = (
  body: unknown,
  options: WriteOptions,
  context: WriteContext,
  strictness: Strictness = {},
  known?: KubeObject,
): KubeObject => {
  // Go decodes null into an object as one that says nothing.
  const { object, unknownFields } = decode(context.resource, body ?? {}, known);
  reportStrictErrors(unknownFields, options, context, strictness);
  return withMetadataAtAll(object);
};

const withMetadataAtAll = (object: KubeObject): KubeObject =>
  (object as Partial<KubeObject>).metadata === undefined
    ? { ...object, metadata: {} as KubeObject["metadata"] }
    : object;

const withDefaults = (object: KubeObject, { resource }: WriteContext): KubeObject =>
  defaultObject(resource, object);

/** A pod has defaults in its spec alone, and the stored one has them. */
const withDefaultsSince = (
  current: KubeObject,
  next: KubeObject,
  context: WriteContext,
): KubeObject => {
  const isSameSpec = (next as Partial<Pod>).spec === (current as Partial<Pod>).spec;
  return context.resource.storage === "pods" && isSameSpec ? next : withDefaults(next, context);
};

const withOwners = (
  previous: KubeObject | null,
  next: KubeObject,
  { fieldManager = "" }: WriteOptions,
  { resource, subresource, nowMs }: WriteContext,
): KubeObject => {
  const managedFields = updateManagedFields({
    resource,
    previous,
    next,
    manager: fieldManager,
    subresource: subresource ?? "",
    nowMs,
  });
  return withManagedFields(next, managedFields);
};

export const withManagedFields = (
  object: KubeObject,
  managedFields: ManagedFieldsEntry[],
): KubeObject => {
  if (object.metadata.managedFields === managedFields) return object;
  return withMetadata(object, {
    managedFields: managedFields.length === 0 ? undefined : managedFields,
  });
};
