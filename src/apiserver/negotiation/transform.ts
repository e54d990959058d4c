import { badRequest, type KubeObject, type ResourceDefinition } from "../../core/api/index.js";
import type { ObjectList, StatusBody } from "../cluster-port.js";
import { asPartialMetadata, isStatus } from "./conversion.js";
import type { MediaType } from "./media-type.js";
import { asTable, type IncludeObject } from "./table.js";

/** @throws StatusError 400 in the words of handlers/response.go `optionsForTransform`, 1.34. */
export function readIncludeObject(mediaType: MediaType, query: URLSearchParams): IncludeObject {
  const value = query.get("includeObject") ?? "";
  if (mediaType.conversion?.kind !== "Table") return "Metadata";
  switch (value) {
    case "":
    case "Metadata":
      return "Metadata";
    case "None":
    case "Object":
      return value;
    default: {
      const allowed = "must be 'Metadata', 'Object', 'None', or empty";
      const cause = `includeObject: Invalid value: ${JSON.stringify(value)}: ${allowed}`;
      throw badRequest(`Unable to convert to Table as requested: ${cause}`);
    }
  }
}

/** Turns an answer into what the client negotiated. @throws StatusError 406. */
export function convertBody(
  body: KubeObject | ObjectList | StatusBody,
  definition: ResourceDefinition,
  { conversion }: MediaType,
  options: { readonly includeObject: IncludeObject; readonly nowMs: number },
): unknown {
  if (conversion === null || isStatus(body)) return body;
  return conversion.kind === "Table"
    ? asTable(body, definition, { version: conversion.version, ...options })
    : asPartialMetadata(body, definition, conversion);
}
