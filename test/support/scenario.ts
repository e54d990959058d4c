import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

/** What a scenario does beside applying `input.yaml`; every part is optional. */
export interface ScenarioScript {
  readonly seed: number;
  readonly nodes: number;
  /** Of each node, where it is another one than usual. */
  readonly capacity: Readonly<Record<string, string>>;
  /** How long it goes on. */
  readonly untilSeconds: number;
  readonly steps: readonly ScenarioStep[];
}

/** Something that happens at a moment, counted from the application of the manifests. */
export type ScenarioStep = { readonly atSeconds: number } & (
  | { readonly create: Manifest }
  | { readonly delete: ObjectReference; readonly gracePeriodSeconds?: number }
  | { readonly removeNode: string }
  | { readonly patch: ObjectReference; readonly subresource?: string; readonly with: unknown }
);

/** `pods/shop`, or `pods/other-namespace/shop`. */
export type ObjectReference = string;

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface Scenario {
  readonly name: string;
  readonly manifests: readonly Manifest[];
  readonly script: ScenarioScript;
}

export const loadScenario = (folder: string, name: string): Scenario => {
  const input = readFileSync(join(folder, name, "input.yaml"), "utf8");
  const manifests = parseAllDocuments(input)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
  return {
    name,
    manifests,
    script: {
      seed: 1,
      nodes: 1,
      capacity: {},
      untilSeconds: 60,
      steps: [],
      ...readScript(join(folder, name, "scenario.yaml")),
    },
  };
};

const readScript = (file: string): Partial<ScenarioScript> => {
  try {
    return parse(readFileSync(file, "utf8")) as Partial<ScenarioScript>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
};
