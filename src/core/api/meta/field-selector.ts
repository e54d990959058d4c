import type { ResourceDefinition } from "./resource-definition.js";
import { quote } from "./go-format.js";
import { badRequest } from "./status-error.js";

export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Requirements that must all hold. apimachinery pkg/fields/selector.go, 1.34 */
export class FieldSelector {
  static readonly everything = new FieldSelector([]);

  constructor(readonly requirements: readonly FieldRequirement[]) {}

  get isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  /** @param fields values by field label; a label that is not there counts as empty */
  matches(fields: Readonly<Record<string, string>>): boolean {
    return this.requirements.every(({ field, operator, value }) =>
      operator === "=" ? (fields[field] ?? "") === value : (fields[field] ?? "") !== value,
    );
  }

  /** The one value that a field must have, when the selector says so: for lookups by index. */
  requiredValue(field: string): string | undefined {
    return this.requirements.find((term) => term.field === field && term.operator === "=")?.value;
  }

  toString(): string {
    return this.requirements
      .map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`)
      .join(",");
  }
}

/** Parses the text of a `fieldSelector` parameter; throws a BadRequest StatusError in Kubernetes' own words. */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = splitTerms(text)
    .toSorted()
    .filter((term) => term !== "");
  return new FieldSelector(terms.map((term) => parseTerm(text, term)));
}

/** Parses, and refuses a label that the kind can't be selected by (API-11). */
export function parseFieldSelectorFor(resource: ResourceDefinition, text: string): FieldSelector {
  const selector = parseFieldSelector(text);
  const requirements = selector.requirements.map((term) => {
    const field = resource.fieldLabelAliases?.[term.field] ?? term.field;
    if (!resource.fieldLabels.includes(field)) throw unsupportedLabel(resource, term.field);
    return { ...term, field };
  });
  return new FieldSelector(requirements);
}

/** pkg/apis/core/v1/conversion.go, apimachinery pkg/runtime/conversion.go DefaultMetaV1FieldSelectorConversion, 1.34 */
function unsupportedLabel(resource: ResourceDefinition, label: string): Error {
  const isDefault = resource.fieldLabels.every((field) => field.startsWith("metadata."));
  return badRequest(
    isDefault
      ? `${quote(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${label}`,
  );
}

/** Splits at commas that no backslash escapes. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  let escaped = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (escaped) escaped = false;
    else if (character === "\\") escaped = true;
    else if (character === ",") {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function parseTerm(selector: string, term: string): FieldRequirement {
  const match = /!=|==|=/.exec(term);
  if (match === null) {
    throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
  }
  return {
    field: term.slice(0, match.index),
    operator: match[0] === "!=" ? "!=" : "=",
    value: unescapeValue(term.slice(match.index + match[0].length)),
  };
}

function unescapeValue(text: string): string {
  let value = "";
  let escaped = false;
  for (const character of text) {
    if (escaped) {
      if (character !== "\\" && character !== "," && character !== "=") {
        throw badRequest(`invalid field selector: invalid escape sequence: \\${character}`);
      }
      value += character;
      escaped = false;
    } else if (character === "\\") {
      escaped = true;
    } else if (character === "," || character === "=") {
      // Go prints the rune as its number.
      const code = String(character.charCodeAt(0));
      throw badRequest(`invalid field selector: unescaped character in value: ${code}`);
    } else value += character;
  }
  if (escaped) throw badRequest("invalid field selector: invalid escape sequence: \\");
  return value;
}

function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, "\\$&");
}
