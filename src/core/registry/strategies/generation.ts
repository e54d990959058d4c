import type { KubeObject } from "../../api/index.js";
import { isSameValue } from "../../store/index.js";
import { withMetadata } from "../object-metadata.js";

/** API-24: a new object of a kind that counts its changes. */
export const withFirstGeneration = <T extends KubeObject>(object: T): T =>
  withMetadata(object, { generation: 1 });

/** API-24: one more when what the user wants has changed. */
export const withNextGeneration = <T extends KubeObject>(
  next: T,
  previous: T,
  wanted: (object: T) => unknown,
): T =>
  isSameValue(wanted(next), wanted(previous))
    ? next
    : withMetadata(next, { generation: (previous.metadata.generation ?? 0) + 1 });

/** An object without its metadata, for kinds whose whole content is wanted. */
export const contentOf = (object: KubeObject): unknown => ({ ...object, metadata: undefined });
