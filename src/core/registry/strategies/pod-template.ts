import type { PodTemplate } from "../../api/index.js";
import type { Strategy } from "../strategy.js";
import { withFirstGeneration, withNextGeneration } from "./generation.js";

/** pkg/registry/core/podtemplate/strategy.go, 1.34 */
export const podTemplateStrategy: Strategy<PodTemplate> = {
  returnsDeleted: true,
  prepareForCreate: (template) => withFirstGeneration(template),
  prepareForUpdate: (next, previous) =>
    withNextGeneration(next, previous, (object) => object.template),
};
