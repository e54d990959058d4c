import { listElement, PathElementError, printElement } from "../fields/path-element.js";
import type { PathElement } from "../fields/path-element.js";
import { formatGoSyntax, formatGoValue, goTypeName } from "../go-format.js";
import { isJsonList, isJsonObject } from "../json-value.js";
import type { JsonList, JsonObject, JsonValue } from "../json-value.js";
import type {
  ListStructure,
  MapStructure,
  ScalarStructure,
  StructuralType,
} from "../structural-type.js";

/** Something in an applied configuration that its type does not allow. */
export interface ShapeError {
  /** As `.spec.containers[name="app"].image`. */
  readonly path: string;
  readonly message: string;
}

/**
 * What an applied configuration says that its type does not know, or says twice.
 * Source: structured-merge-diff typed/validate.go, v6.
 */
export function shapeErrorsOf(value: JsonValue, type: StructuralType): readonly ShapeError[] {
  if (value === null) {
    return [];
  }
  switch (type.kind) {
    case "untyped":
      return [];
    case "scalar":
      return scalarErrors(value, type);
    case "list":
      return isJsonList(value)
        ? listErrors(value, type)
        : here(`expected list, got ${printed(value)}`);
    case "map":
      return isJsonObject(value)
        ? mapErrors(value, type)
        : here(`expected map, got ${printed(value)}`);
  }
}

/** The errors as one text. Source: structured-merge-diff typed/helpers.go, v6. */
export function shapeErrorText(errors: readonly ShapeError[]): string {
  const texts = errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return texts.length === 1
    ? (texts[0] ?? "")
    : ["errors:", ...texts.map((text) => `  ${text}`)].join("\n");
}

function here(message: string): ShapeError[] {
  return [{ path: "", message }];
}

function below(element: PathElement, errors: readonly ShapeError[]): ShapeError[] {
  return errors.map(({ path, message }) => ({ path: printElement(element) + path, message }));
}

/** How Go prints the library's own wrapper of a value. */
function printed(value: JsonValue): string {
  return `&{${formatGoValue(value)}}`;
}

function scalarErrors(value: JsonValue, type: ScalarStructure): ShapeError[] {
  switch (type.scalar) {
    case "numeric":
      return typeof value === "number"
        ? []
        : here(`expected numeric (int or float), got ${goTypeName(value)}`);
    case "string":
      return typeof value === "string"
        ? []
        : here(`expected string, got &value.valueUnstructured{Value:${formatGoSyntax(value)}}`);
    case "boolean":
      return typeof value === "boolean" ? [] : here(`expected boolean, got ${printed(value)}`);
    case "untyped":
      return typeof value === "object" ? here(`expected any scalar, got ${printed(value)}`) : [];
  }
}

function listErrors(list: JsonList, type: ListStructure): ShapeError[] {
  const errors: ShapeError[] = [];
  const seen = new Set<PathElement>();
  for (const [index, item] of list.entries()) {
    let element: PathElement = `i:${index}`;
    if (type.relationship !== "atomic") {
      const identified = identify(type, item);
      if (identified instanceof PathElementError) {
        return [...errors, ...here(`element ${index}: ${identified.message}`)];
      }
      element = identified;
      if (seen.has(element)) {
        errors.push(...here(`duplicate entries for key ${printElement(element)}`));
      }
      seen.add(element);
    }
    errors.push(...below(element, shapeErrorsOf(item, type.element)));
  }
  return errors;
}

function identify(type: ListStructure, item: JsonValue): PathElement | PathElementError {
  try {
    return listElement(type, item);
  } catch (error) {
    if (error instanceof PathElementError) {
      return error;
    }
    throw error;
  }
}

function mapErrors(object: JsonObject, type: MapStructure): ShapeError[] {
  const errors: ShapeError[] = [];
  for (const [key, value] of Object.entries(object)) {
    const fieldType = type.fields.get(key)?.type ?? type.element;
    const element: PathElement = `f:${key}`;
    if (fieldType === null) {
      // Upstream stops at the first field that it does not know.
      return [...errors, ...below(element, here("field not declared in schema"))];
    }
    errors.push(...below(element, shapeErrorsOf(value, fieldType)));
  }
  return errors;
}
