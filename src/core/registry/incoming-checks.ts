import type { FieldError, KubeObject } from "../api/index.js";
import type { Strategy, WriteContext } from "./strategy.js";

/** All that is wrong with a new object. */
export const validateNew = (
  object: KubeObject,
  strategy: Strategy,
  context: WriteContext,
): readonly FieldError[] => strategy.validateCreate?.(object, context) ?? [];

/** All that is wrong with a changed object. */
export const validateChanged = (
  next: KubeObject,
  previous: KubeObject,
  strategy: Strategy,
  context: WriteContext,
): readonly FieldError[] => strategy.validateUpdate?.(next, previous, context) ?? [];
