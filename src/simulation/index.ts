export type {
  Command,
  ExecAction,
  ExecAnswer,
  ExecQuery,
  LogAnswer,
  LogQuery,
  Outcome,
  SessionOutput,
} from "../core/cluster/index.js";
export type {
  ApiRequest,
  ApiResponse,
  DeleteOptions,
  ListOptions,
  ObjectList,
  PatchType,
  StatusBody,
  WriteOptions,
} from "../core/registry/index.js";
export { asServed } from "../core/registry/index.js";
export type { Feed, FeedBatch, FeedEntry, FeedFilter, FeedReader } from "./feed.js";
export { explain, openApiSchema, parseRequest } from "./request-schema.js";
export type { SessionPort } from "./session-hub.js";
export { SimulationModule } from "./simulation.module.js";
export { SimulationService } from "./simulation.service.js";
