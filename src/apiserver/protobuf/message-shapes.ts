import { SCHEMA, type FieldSchema } from "../../core/api/index.js";
import { FIELD_NUMBERS } from "./field-numbers.js";

/** What a field number of a message stands for: a field of the JSON object, or a message whose fields are the object's own. */
export type ShapeEntry =
  { readonly name: string; readonly field: FieldSchema } | { readonly embedded: MessageShape };

export type MessageShape = ReadonlyMap<number, ShapeEntry>;

const shapes = new Map<string, MessageShape>();

let numbers: ReadonlyMap<string, string> | null = null;

/** How the message of a type is read; made when the type is first met. @param type name of its schema. */
export function shapeOf(type: string): MessageShape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const shape = makeShape(type);
  shapes.set(type, shape);
  return shape;
}

function makeShape(type: string): MessageShape {
  numbers ??= new Map(
    FIELD_NUMBERS.trim()
      .split("\n")
      .map((line): [string, string] => {
        const space = line.indexOf(" ");
        return [line.slice(0, space), line.slice(space + 1)];
      }),
  );
  const schema = SCHEMA[type];
  const fields = numbers.get(type);
  if (schema === undefined || fields === undefined) throw new Error(`no message is called ${type}`);
  const shape = new Map<number, ShapeEntry>();
  for (const entry of fields.split(" ")) {
    const [name = "", path = ""] = entry.split("=");
    const field = schema.fields[name];
    // A field that the structural schema has not is not served.
    if (field !== undefined) place(shape, path.split(".").map(Number), { name, field });
  }
  return shape;
}

function place(
  shape: Map<number, ShapeEntry>,
  [number = 0, ...rest]: readonly number[],
  entry: ShapeEntry,
): void {
  if (rest.length === 0) {
    shape.set(number, entry);
    return;
  }
  const outer = shape.get(number);
  const embedded =
    outer !== undefined && "embedded" in outer
      ? (outer.embedded as Map<number, ShapeEntry>)
      : new Map<number, ShapeEntry>();
  place(embedded, rest, entry);
  shape.set(number, { embedded });
}
