import type { JsonSchema } from "./definitions.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/**
 * The OpenAPI 2 document as the protocol buffer that client-go asks for. Field numbers: google/gnostic openapiv2/OpenAPIv2.proto. Only what
 * our documents contain is written.
 */
export function openApiV2Protobuf(document: JsonSchema): Buffer {
  const writer = new ProtobufWriter();
  writer.text(1, document.swagger);
  writer.message(2, (info) => {
    const { title, version } = record(document.info);
    info.text(1, title).text(2, version);
  });
  writer.message(8, (paths) => {
    for (const [name, item] of Object.entries(record(document.paths)))
      named(paths, 2, name, (value) => writePathItem(value, record(item)));
  });
  writer.message(9, (definitions) => writeNamedSchemas(definitions, record(document.definitions)));
  for (const requirement of list(document.security))
    writer.message(12, (message) => {
      for (const name of Object.keys(record(requirement))) named(message, 1, name, () => undefined);
    });
  writer.message(13, (definitions) => {
    for (const [name, item] of Object.entries(record(document.securityDefinitions)))
      named(definitions, 1, name, (value) => writeApiKey(value, record(item)));
  });
  return writer.finish();
}

const METHOD_FIELDS: Readonly<Record<string, number>> = {
  get: 2,
  put: 3,
  post: 4,
  delete: 5,
  patch: 8,
};

function writePathItem(writer: ProtobufWriter, item: JsonSchema): void {
  for (const [method, field] of Object.entries(METHOD_FIELDS)) {
    const operation = item[method];
    if (operation !== undefined)
      writer.message(field, (message) => writeOperation(message, record(operation)));
  }
  writeParameters(writer, 9, item.parameters);
}

function writeOperation(writer: ProtobufWriter, operation: JsonSchema): void {
  writer.texts(1, operation.tags).text(3, operation.description).text(5, operation.operationId);
  writer.texts(6, operation.produces).texts(7, operation.consumes);
  writeParameters(writer, 8, operation.parameters);
  writer.message(9, (responses) => {
    for (const [code, response] of Object.entries(record(operation.responses)))
      named(responses, 1, code, (value) =>
        value.message(1, (message) => writeResponse(message, record(response))),
      );
  });
  writer.texts(10, operation.schemes);
  writeExtensions(writer, 13, operation);
}

function writeResponse(writer: ProtobufWriter, { description, schema }: JsonSchema): void {
  writer.text(1, description);
  if (schema !== undefined)
    writer.message(2, (item) => item.message(1, (message) => writeSchema(message, record(schema))));
}

function writeParameters(writer: ProtobufWriter, field: number, parameters: unknown): void {
  for (const entry of list(parameters)) {
    const parameter = record(entry);
    writer.message(field, (item) =>
      item.message(1, (message) => {
        if (parameter.in === "body") message.message(1, (body) => writeBody(body, parameter));
        else message.message(2, (other) => writeNonBody(other, parameter));
      }),
    );
  }
}

function writeBody(writer: ProtobufWriter, parameter: JsonSchema): void {
  writer.text(1, parameter.description).text(2, parameter.name).text(3, parameter.in);
  writer.boolean(4, parameter.required);
  writer.message(5, (schema) => writeSchema(schema, record(parameter.schema)));
}

/** Query parameters have one field more than path parameters, before their type. */
function writeNonBody(writer: ProtobufWriter, parameter: JsonSchema): void {
  const isPath = parameter.in === "path";
  writer.message(isPath ? 4 : 3, (message) => {
    message.boolean(1, parameter.required).text(2, parameter.in);
    message.text(3, parameter.description).text(4, parameter.name);
    message.text(isPath ? 5 : 6, parameter.type);
    message.boolean(isPath ? 19 : 20, parameter.uniqueItems);
  });
}

function writeNamedSchemas(writer: ProtobufWriter, schemas: JsonSchema): void {
  for (const [name, schema] of Object.entries(schemas))
    named(writer, 1, name, (value) => writeSchema(value, record(schema)));
}

function writeSchema(writer: ProtobufWriter, schema: JsonSchema): void {
  writer.text(1, schema.$ref).text(2, schema.format).text(4, schema.description);
  writer.texts(19, schema.required);
  for (const value of list(schema.enum)) writeAny(writer, 20, value);
  if (schema.additionalProperties !== undefined)
    writer.message(21, (item) =>
      item.message(1, (message) => writeSchema(message, record(schema.additionalProperties))),
    );
  if (typeof schema.type === "string") writer.message(22, (item) => item.text(1, schema.type));
  if (schema.items !== undefined)
    writer.message(23, (item) =>
      item.message(1, (message) => writeSchema(message, record(schema.items))),
    );
  if (schema.properties !== undefined)
    writer.message(25, (properties) => writeNamedSchemas(properties, record(schema.properties)));
  writeExtensions(writer, 31, schema);
}

function writeExtensions(writer: ProtobufWriter, field: number, from: JsonSchema): void {
  for (const [name, value] of Object.entries(from))
    if (name.startsWith("x-"))
      writer.message(field, (pair) => {
        pair.text(1, name);
        writeAny(pair, 2, value);
      });
}

/** Any value as YAML; JSON is YAML. */
function writeAny(writer: ProtobufWriter, field: number, value: unknown): void {
  writer.message(field, (any) => any.text(2, `${JSON.stringify(value)}\n`));
}

function writeApiKey(writer: ProtobufWriter, item: JsonSchema): void {
  writer.message(2, (key) =>
    key.text(1, item.type).text(2, item.name).text(3, item.in).text(4, item.description),
  );
}

/** An entry of a map: its key, then its value. */
function named(
  writer: ProtobufWriter,
  field: number,
  name: string,
  fill: (value: ProtobufWriter) => void,
): void {
  writer.message(field, (entry) => entry.text(1, name).message(2, fill));
}

function record(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? (value as JsonSchema) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
