import type { LabelSelector as LabelSelectorObject } from "../generated/meta-v1.js";
import { quote } from "./go-format.js";
import { requirementText, satisfies } from "./label-requirement.js";
import type { LabelOperator, LabelRequirement } from "./label-requirement.js";
import { parseRequirements } from "./label-selector-parser.js";
import { badRequest } from "./status-error.js";

type Labels = Readonly<Record<string, string>> | undefined;

/** Requirements that must all hold. apimachinery pkg/labels/selector.go, 1.34 */
export class LabelSelectorMatcher {
  /** Matches every object. */
  static readonly everything = new LabelSelectorMatcher([]);
  /** Matches no object: an absent LabelSelector. */
  static readonly nothing = new LabelSelectorMatcher(null);

  readonly #requirements: readonly LabelRequirement[] | null;

  constructor(requirements: readonly LabelRequirement[] | null) {
    this.#requirements =
      requirements?.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)) ?? null;
  }

  get requirements(): readonly LabelRequirement[] {
    return this.#requirements ?? [];
  }

  /** Restricts nothing. */
  get isEmpty(): boolean {
    return this.#requirements?.length === 0;
  }

  matches(labels: Labels): boolean {
    return this.#requirements?.every((requirement) => satisfies(requirement, labels)) ?? false;
  }

  /** The selector as text, requirements sorted by key. */
  toString(): string {
    return this.requirements.map(requirementText).join(",");
  }
}

/** Parses the text of a `labelSelector` parameter; throws a BadRequest StatusError in Kubernetes' own words. */
export function parseLabelSelector(text: string): LabelSelectorMatcher {
  const parsed = parseRequirements(text);
  if (typeof parsed === "string") throw badRequest(parsed);
  return new LabelSelectorMatcher(parsed);
}

/** A LabelSelector object as it stands in a validated spec: undefined matches nothing, an empty one everything. */
export function labelSelectorFrom(object: LabelSelectorObject | undefined): LabelSelectorMatcher {
  if (object === undefined) return LabelSelectorMatcher.nothing;
  const requirements: LabelRequirement[] = Object.entries(object.matchLabels ?? {}).map(
    ([key, value]) => ({ key, operator: "=", values: [value] }),
  );
  for (const { key, operator, values } of object.matchExpressions ?? []) {
    const known = OBJECT_OPERATORS[operator];
    if (known === undefined) {
      throw new Error(`${quote(operator)} is not a valid label selector operator`);
    }
    requirements.push({ key, operator: known, values: values ?? [] });
  }
  return new LabelSelectorMatcher(requirements);
}

const OBJECT_OPERATORS: Readonly<Record<string, LabelOperator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};
