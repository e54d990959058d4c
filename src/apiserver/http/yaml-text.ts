import { parseDocument, type YAMLParseError } from "yaml";

/** A YAML text as a value, or what go-yaml would say of it. */
export type YamlResult =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Aliases are expanded at most this often, so that a small text can't become a huge value. */
const MAX_ALIASES = 100;

/** go-yaml's words for what the parser here calls by a code. sigs.k8s.io/yaml goyaml.v2 scannerc.go, parserc.go. */
const MESSAGES: Readonly<Partial<Record<YAMLParseError["code"], string>>> = {
  BLOCK_AS_IMPLICIT_KEY: "mapping values are not allowed in this context",
  BAD_INDENT: "did not find expected key",
  BAD_ALIAS: "did not find expected alphabetic or numeric character",
  BAD_DIRECTIVE: "found unknown directive name",
  BAD_DQ_ESCAPE: "found unknown escape character",
  BAD_SCALAR_START: "found character that cannot start any token",
  MISSING_CHAR: "did not find expected ',' or '}'",
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  TAB_AS_INDENT: "found character that cannot start any token",
  UNEXPECTED_TOKEN: "did not find expected node content",
};

const STRICT_PREFIX = "yaml: unmarshal errors:";

/** As warnings each key has a line of its own. handlers/rest.go `parseYAMLWarnings`, 1.34. */
export function yamlWarnings(strictError: string): string[] {
  if (!strictError.startsWith(`${STRICT_PREFIX}\n`)) return [strictError];
  return strictError
    .slice(STRICT_PREFIX.length + 1)
    .split("\n")
    .map((line) => line.trim());
}

/** Reads the first document of a YAML text (YAML 1.1, as Kubernetes does: `yes` is true) as JSON would give it. */
export function parseYaml(text: string): YamlResult {
  const document = parseDocument(text, {
    version: "1.1",
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
    strict: false,
  });
  const [error] = document.errors.filter(({ code }) => code !== "MULTIPLE_DOCS");
  if (error !== undefined) return { ok: false, message: describe(error, text) };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { ok: true, value: asJson(value), duplicates: duplicateKeys(text) };
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError)
      return { ok: false, message: "yaml: document contains excessive aliasing" };
    throw error;
  }
}

function describe(error: Pick<YAMLParseError, "code" | "message" | "pos">, text: string): string {
  const line = text.slice(0, error.pos[0]).split("\n").length;
  return `yaml: line ${line}: ${MESSAGES[error.code] ?? error.message}`;
}

/** The strict reading's complaint, one text for all keys. */
function duplicateKeys(text: string): string[] {
  const strict = parseDocument(text, { version: "1.1", logLevel: "silent", prettyErrors: false });
  const lines = strict.errors
    .filter(({ code }) => code === "DUPLICATE_KEY")
    .map(({ pos: [start] }) => {
      const line = text.slice(0, start).split("\n").length;
      const key = /^[^:\s]*/.exec(text.slice(start))?.[0] ?? "";
      return `\n  line ${line}: key "${key}" already set in map`;
    });
  return lines.length === 0 ? [] : [`${STRICT_PREFIX}${lines.join("")}`];
}

/** Dates, which YAML 1.1 reads from plain text, become the text that JSON has for them; keys become text. */
function asJson(value: unknown): unknown {
  if (value instanceof Date || typeof value === "bigint")
    return String(JSON.parse(JSON.stringify(value)));
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== "object" || value === null) return value;
  const entries =
    value instanceof Map || value instanceof Set ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, child]) => [String(key), asJson(child)]));
}
